package dev.otherix.backup.offsite;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The block {@code offsite}: what is common to all targets. When this record was made, each recipient was one of age.
 *
 * @param cluster the name of this installation in the store; null = from the CA of each snapshot
 * @param recipients public keys of age, those of the file if there is one; null if there are none
 * @param recipientsFile the file that they were read from, in age's own format
 * @param encryption whether what leaves this host is encrypted
 * @param prefix the beginning of all keys, without slashes at its ends; empty for none
 * @param keepUncopied how many snapshots without a copy are kept besides the newest of them
 * @param rateLimit bytes per second to and from each target; null = off
 * @param checkInterval time between two times that copies are read back; 0 = off
 * @param include absolute paths of the files that travel beside each copy; null if there are none
 */
@Block("offsite")
public record OffsiteProperties(
        @Nullable String cluster,
        @Nullable List<String> recipients,
        @Nullable Path recipientsFile,
        @Default("age") Encryption encryption,
        @Default("otherix-etcd-backup") @Nullable String prefix,
        @Default("7") int keepUncopied,
        @Default("off") @Nullable DataSize rateLimit,
        @Default("24h") Duration checkInterval,
        @Nullable List<String> include) {

    private static final DataSize LOWEST_RATE = DataSize.ofKilobytes(10);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Pattern PREFIX =
            Pattern.compile("(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+)*");

    public OffsiteProperties {
        if (cluster != null && !Folder.CLUSTER.matcher(cluster).matches()) {
            throw new InvalidSetting(
                    "offsite.cluster",
                    cluster,
                    "is not a name of 1 to 40 lower-case letters, digits and hyphens, the first no hyphen",
                    "Write a name such as prod-berlin, or remove the key: the name then follows from the cluster's CA.");
        }
        if (recipients != null) {
            recipients = new RecipientTexts("offsite.recipients").of(recipients);
        }
        if (recipients != null && recipientsFile != null) {
            throw new InvalidSetting(
                    "offsite.recipients_file",
                    recipientsFile,
                    "is set beside offsite.recipients",
                    "Set one of the two: all recipients in the file, or all in the setting.");
        }
        var inFile = recipientsFile == null ? List.<String>of() : RecipientTexts.inFile(recipientsFile);
        if (encryption == Encryption.NONE && (recipients != null || recipientsFile != null)) {
            throw new InvalidSetting(
                    "offsite.encryption",
                    "none",
                    "contradicts " + (recipients != null ? "offsite.recipients" : "offsite.recipients_file"),
                    "Remove one of the two. Without encryption whoever reads the store can read all of etcd.");
        }
        if (recipientsFile != null) {
            recipients = inFile;
        }
        prefix = slashless(prefix == null ? "" : prefix);
        if (!prefix.isEmpty() && !PREFIX.matcher(prefix).matches()) {
            throw new InvalidSetting(
                    "offsite.prefix",
                    prefix,
                    "is not made of letters, digits, '.', '_' and '-', with single slashes between the parts",
                    "Write a prefix such as backups/etcd, or leave it empty for none.");
        }
        if (keepUncopied < 0) {
            throw new InvalidSetting(
                    "offsite.keep_uncopied",
                    keepUncopied,
                    "is below zero",
                    "Write how many snapshots to keep until they are copied, besides the newest of them.");
        }
        if (rateLimit != null && rateLimit.compareTo(LOWEST_RATE) < 0) {
            throw new InvalidSetting(
                    "offsite.rate_limit",
                    rateLimit,
                    "is below 10KB per second",
                    "Write the bytes per second, for example 10MB, or off.");
        }
        if (!checkInterval.isZero() && checkInterval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new InvalidSetting(
                    "offsite.check_interval",
                    GoDuration.format(checkInterval),
                    "is below 1s",
                    "Write a duration of at least 1s such as 24h, or 0 for never.");
        }
        include = include == null ? List.of() : List.copyOf(include);
        requireIncludable(include, encryption);
    }

    private static void requireIncludable(List<String> include, Encryption encryption) {
        FileName.problemOf(include).ifPresent(problem -> {
            throw new InvalidSetting("offsite.include", problem.path(), problem.words(), problem.fix());
        });
        if (!include.isEmpty() && encryption == Encryption.NONE) {
            throw new InvalidSetting(
                    "offsite.include",
                    String.join(",", include),
                    "is set, but offsite.encryption is none: files such as api.yaml hold secrets, and everyone who reads"
                            + " the store could read them",
                    "Remove offsite.include, or remove offsite.encryption and set offsite.recipients.");
        }
    }

    /** The files that travel beside each copy. */
    List<Path> includedFiles() {
        return Objects.requireNonNull(include, "set by the constructor").stream()
                .map(Path::of)
                .toList();
    }

    /** Whether what leaves this host is encrypted. */
    enum Encryption {
        AGE,
        NONE
    }

    /** Who can open the copies; empty without encryption. */
    public Optional<Recipients> who() {
        return Optional.ofNullable(recipients).map(Recipients::new);
    }

    /**
     * Holds the rules that count only where copies are made.
     *
     * @param target the key that turns a target on
     * @param dir the directory of snapshots; null without one
     */
    public void requireFor(String target, @Nullable Path dir) {
        if (dir == null) {
            throw new InvalidSetting(
                    target,
                    null,
                    "is set without workers.backup.dir, so there is nothing to copy",
                    "Set workers.backup.dir to the directory for snapshots, for example /var/backups/otherix-etcd.");
        }
        if (encryption == Encryption.AGE && recipients == null) {
            throw new InvalidSetting(
                    "offsite.recipients",
                    null,
                    "is not set, but " + target + " is: what leaves this host has to be encrypted",
                    "Run age-keygen -o identity.txt on another machine, and write here the public key that it prints"
                            + " (age1...), better those of two people. To store copies that anyone who reads the store"
                            + " can read, set offsite.encryption to none.");
        }
    }

    private static String slashless(String text) {
        return text.replaceAll("^/+|/+$", "");
    }
}
