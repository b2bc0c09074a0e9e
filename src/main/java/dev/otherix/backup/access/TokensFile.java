package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.SecretFile;
import dev.otherix.backup.config.Setting;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.config.YamlFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code api.tokens_file}: {@code tokens:}, a list of {@code name}, {@code scope}, {@code sha256} and,
 * optionally, {@code expires_at}. The file is used only if all of it is valid. Error messages name the line and never
 * quote it: a person may have written a token in place of its hash.
 */
final class TokensFile {

    static final String KEY = "api.tokens_file";

    private static final Pattern FIELD = Pattern.compile("tokens\\[(\\d+)]\\.(name|scope|sha256|expires_at)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String EXAMPLE =
            "`otherix-etcd-backup token new --name NAME --scope SCOPE` prints a right entry.";

    private final Path file;

    private TokensFile(Path file) {
        this.file = file;
    }

    /** Whether a token may have this name. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * The tokens in the file; none for {@code tokens: []}.
     *
     * @throws InvalidSetting if the file has too open a mode, or an entry is wrong
     * @throws UnusableConfigFile if it is missing, or not YAML
     */
    static List<Token> read(Path file) {
        SecretFile.check(KEY, file);
        return new TokensFile(file).parse(YamlFile.read(file));
    }

    private List<Token> parse(List<Setting> settings) {
        var entries = new TreeMap<Integer, Map<String, Setting>>();
        for (var setting : settings) {
            var field = FIELD.matcher(setting.key());
            if (field.matches()) {
                entries.computeIfAbsent(Integer.valueOf(field.group(1)), _ -> new TreeMap<>())
                        .put(field.group(2), setting);
            } else if (!setting.key().equals("tokens[]")) {
                throw refused(setting, "is not name, scope, sha256 or expires_at of an entry under tokens:");
            }
        }
        if (settings.isEmpty()) {
            throw new InvalidSetting(
                    KEY, file, "has no list named tokens:", "Write tokens: [] to let nobody in. " + EXAMPLE);
        }
        var tokens = new ArrayList<Token>();
        entries.values().forEach(entry -> tokens.add(token(entry)));
        refuseTwins(tokens);
        return List.copyOf(tokens);
    }

    private Token token(Map<String, Setting> entry) {
        var name = field(entry, "name");
        if (!isName(name.text())) {
            throw refused(
                    name,
                    "is not a valid name: 1 to 64 letters, digits, '.', '_', '@' and '-', the first a letter "
                            + "or digit");
        }
        var scope = field(entry, "scope");
        var sha256 = field(entry, "sha256");
        if (!SHA256.matcher(sha256.text()).matches()) {
            throw refused(sha256, "is not a SHA-256: 64 digits in lower-case hex");
        }
        return new Token(
                name.text(),
                Scope.of(scope.text()).orElseThrow(() -> refused(scope, "is not one of read, operate, admin")),
                sha256.text(),
                expiry(entry.get("expires_at")));
    }

    private Setting field(Map<String, Setting> entry, String field) {
        var setting = entry.get(field);
        if (setting == null) {
            throw refused(entry.values().iterator().next(), "belongs to an entry without " + field);
        }
        return setting;
    }

    private @Nullable Instant expiry(@Nullable Setting setting) {
        try {
            return setting == null ? null : OffsetDateTime.parse(setting.text()).toInstant();
        } catch (DateTimeException wrong) {
            throw refused(setting, "is not a time such as 2027-01-31T00:00:00Z");
        }
    }

    private void refuseTwins(List<Token> tokens) {
        var names = new HashSet<String>();
        var hashes = new HashSet<String>();
        for (var token : tokens) {
            if (!names.add(token.name()) || !hashes.add(token.sha256())) {
                throw new InvalidSetting(
                        KEY,
                        file,
                        "has two entries with the name or the hash of " + token.name(),
                        "Remove one of them.");
            }
        }
    }

    private InvalidSetting refused(Setting setting, String problem) {
        return new InvalidSetting(
                KEY,
                file,
                "is wrong: the value at " + setting.source() + ", " + problem,
                "Correct the line. " + EXAMPLE);
    }
}
