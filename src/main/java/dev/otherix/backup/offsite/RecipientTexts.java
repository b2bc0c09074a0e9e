package dev.otherix.backup.offsite;

import dev.otherix.backup.config.IdentityOfAge;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnreadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Checks the texts of recipients in a setting. A private key is refused and never repeated.
 *
 * @param key the setting that holds them
 */
record RecipientTexts(String key) {

    private static final String FILE_KEY = "offsite.recipients_file";
    private static final int LARGEST_FILE = 1 << 20;
    private static final String FIX =
            "Write public keys of age, age1 and 58 more characters, as age-keygen prints them.";

    /** The recipients, each once. */
    List<String> of(List<String> texts) {
        texts.forEach(text -> check(text, ""));
        return List.copyOf(new LinkedHashSet<>(texts));
    }

    /** The recipients in a file of age's own format: one a line, with comments and blank lines. */
    static List<String> inFile(Path file) {
        var texts = new RecipientTexts(FILE_KEY);
        var found = new ArrayList<String>();
        int number = 0;
        for (var line : text(file).split("\\R", -1)) {
            number++;
            var text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                texts.check(text, " in line " + number);
                found.add(text);
            }
        }
        if (found.isEmpty()) {
            throw new InvalidSetting(FILE_KEY, file, "holds no recipient", FIX);
        }
        return List.copyOf(new LinkedHashSet<>(found));
    }

    private static String text(Path file) {
        UnreadableFile.of(file).ifPresent(unreadable -> {
            throw new InvalidSetting(FILE_KEY, file, unreadable);
        });
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new InvalidSetting(FILE_KEY, file, "is larger than 1 MiB", "Name the right file.");
            }
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (IdentityOfAge.isIn(text)) {
                throw IdentityOfAge.refused(FILE_KEY, "names a file that holds a private key of age");
            }
            return text;
        } catch (CharacterCodingException malformed) {
            throw new InvalidSetting(FILE_KEY, file, "is not UTF-8 text", "Name a file with one public key a line.");
        } catch (IOException broken) {
            throw new InvalidSetting(FILE_KEY, file, UnreadableFile.of(file, broken));
        }
    }

    /** @param where after the words "holds a recipient" */
    private void check(String text, String where) {
        if (IdentityOfAge.isIn(text)) {
            throw IdentityOfAge.refused(key, "holds a private key of age" + where);
        }
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("age1pq1") || lower.startsWith("age1tagpq1")) {
            throw refused(
                    "holds a post-quantum recipient (age1pq...)" + where
                            + ", which cannot be used yet: a file for it can have no other recipients, and the age of"
                            + " most distributions cannot open it",
                    "Write a recipient of X25519, which age-keygen makes without further options: age1 and 58 more"
                            + " characters.");
        }
        if (lower.startsWith("ssh-") || lower.startsWith("ecdsa-")) {
            throw refused("holds a key of SSH" + where + ", and only keys of age can be used", FIX);
        }
        try {
            Recipients.stanza(text);
        } catch (IllegalArgumentException unusable) {
            throw refused("holds something that is no recipient of age" + where, FIX);
        }
    }

    private InvalidSetting refused(String problem, String fix) {
        // without the text: it may be a secret in the wrong place
        return new InvalidSetting(key, null, problem, fix);
    }
}
