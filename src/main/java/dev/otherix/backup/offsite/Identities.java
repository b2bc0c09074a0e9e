package dev.otherix.backup.offsite;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * The private keys that open copies: those of age, {@code AGE-SECRET-KEY-1...}, of X25519. A person has them, in files
 * of age; they are on no host that makes copies. Never printed.
 */
public final class Identities {

    /** No identity: opens what is not encrypted. */
    public static final Identities NONE = new Identities(List.of());

    private static final String STANDARD_INPUT = "-";
    private static final int MOST_BYTES = 1 << 20;
    private static final String KEY = "AGE-SECRET-KEY-1";
    private static final List<String> ENCRYPTED = List.of("age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----");

    private final List<RecipientStanzaReader> readers;

    private Identities(List<RecipientStanzaReader> readers) {
        this.readers = List.copyOf(readers);
    }

    /**
     * Reads files of identities.
     *
     * @param files paths, or {@code -} for standard input
     * @throws UnusableIdentity if one cannot be read, or has no identity, or one of another kind
     */
    public static Identities read(List<String> files, InputStream standardInput) {
        var readers = new ArrayList<RecipientStanzaReader>();
        for (var file : files) {
            readers.addAll(parsed(file, text(file, standardInput)));
        }
        return new Identities(readers);
    }

    /**
     * What a file of age holds.
     *
     * @throws GeneralSecurityException if none of the identities opens it, or it does not begin like such a file
     * @throws IOException if it cannot be read; reads of the result throw it also where it is damaged
     */
    InputStream opened(InputStream sealed) throws GeneralSecurityException, IOException {
        try {
            return Channels.newInputStream(
                    new StandardDecryptingChannelFactory().newDecryptingChannel(Channels.newChannel(sealed), readers));
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new GeneralSecurityException("no header of age", malformed);
        }
    }

    public boolean isEmpty() {
        return readers.isEmpty();
    }

    private static String text(String file, InputStream standardInput) {
        try (var opened = file.equals(STANDARD_INPUT) ? standardInput : Files.newInputStream(Path.of(file))) {
            var bytes = opened.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw refused(file, "is too long for a file of identities", "Name the file that age-keygen wrote.");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UnusableIdentity(
                    "cannot read " + name(file) + ": " + unreadable,
                    "Name the file with the identity, as a user who may read it.",
                    unreadable);
        }
    }

    private static List<RecipientStanzaReader> parsed(String file, String text) {
        if (ENCRYPTED.stream().anyMatch(text::startsWith)) {
            throw refused(
                    file,
                    "is encrypted with a passphrase",
                    "Decrypt it on the way: age -d "
                            + (file.equals(STANDARD_INPUT) ? "IDENTITY" : file)
                            + " | COMMAND --identity -");
        }
        var readers = new ArrayList<RecipientStanzaReader>();
        for (var line : text.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                readers.add(reader(file, line));
            }
        }
        if (readers.isEmpty()) {
            throw refused(
                    file, "has no identity", "An identity is a line AGE-SECRET-KEY-1..., as age-keygen writes it.");
        }
        return readers;
    }

    private static RecipientStanzaReader reader(String file, String line) {
        if (!line.startsWith(KEY)) {
            throw refused(
                    file,
                    line.startsWith("AGE-") ? "has an identity of another kind" : "has a line that is no identity",
                    "Only AGE-SECRET-KEY-1... is read here. With any other, use age itself: "
                            + "\"otherix-etcd-backup offsite fetch --help\" shows how.");
        }
        try {
            return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            // the cause may repeat the key
            throw refused(file, "has a damaged identity", "Take the file that age-keygen wrote.");
        }
    }

    private static UnusableIdentity refused(String file, String problem, String fix) {
        return new UnusableIdentity("--identity: " + name(file) + " " + problem, fix, null);
    }

    private static String name(String file) {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }
}
