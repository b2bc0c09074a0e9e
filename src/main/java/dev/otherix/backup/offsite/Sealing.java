package dev.otherix.backup.offsite;

import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Turns bytes into what may leave this host: gzip, then age for the recipients. Stock {@code age -d | gunzip} turns it
 * back.
 *
 * @param recipients empty without encryption
 */
record Sealing(Optional<Recipients> recipients) {

    private static final int BUFFER = 1 << 16;

    /** Whether the result is encrypted. */
    boolean encrypts() {
        return recipients.isPresent();
    }

    /** What is to be sealed. */
    interface Plain {

        /** Writes all of it. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes the sealed {@code plain} to {@code to}. */
    void seal(Plain plain, OutputStream to) throws IOException {
        try (var encrypted = encrypted(to);
                var compressed = new Compressed(encrypted)) {
            plain.writeTo(compressed);
        }
    }

    /** The same for a text that is no snapshot, without compression. */
    byte[] encrypt(byte[] text) {
        var bytes = new ByteArrayOutputStream();
        try (var encrypted = encrypted(bytes)) {
            new ByteArrayInputStream(text).transferTo(encrypted);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private OutputStream encrypted(OutputStream to) throws IOException {
        if (recipients.isEmpty()) {
            return to;
        }
        try {
            return Channels.newOutputStream(new StandardEncryptingChannelFactory()
                    .newEncryptingChannel(
                            Channels.newChannel(to), recipients.get().stanzas()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Java has what age needs", impossible);
        }
    }

    private static final class Compressed extends GZIPOutputStream {

        /** Twice as fast as the usual level, for a file that is a tenth larger. */
        private static final int LEVEL = 4;

        Compressed(OutputStream to) throws IOException {
            super(to, BUFFER);
            def.setLevel(LEVEL);
        }
    }
}
