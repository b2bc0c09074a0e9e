package dev.otherix.backup.restore;

import dev.otherix.backup.verify.EtcdVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The program that a drill starts, as it describes itself.
 *
 * @param text the version, with all that follows it
 */
record EtcdProgram(EtcdVersion version, String text) {

    private static final Pattern VERSION = Pattern.compile("etcd Version: (\\S+)");
    private static final Pattern SYSTEM_REASON = Pattern.compile("error[:=] ?\\d+[, (]+([^()]+)");

    /**
     * Asks it.
     *
     * @throws NotDrilled if it is no etcd that can be started here
     */
    static EtcdProgram ask(Scratch scratch, ChildNote note, DrillOrder order, DrillLimits limits)
            throws InterruptedException {
        var words = order.words();
        var path = order.etcd().orElseThrow();
        if (!Files.isRegularFile(path)) {
            throw new NotDrilled("there is no etcd to start: the file that " + words.etcd()
                    + " names does not exist; install an etcd, and name it in " + words.etcd());
        }
        if (!Files.isExecutable(path)) {
            throw new NotDrilled("the program that " + words.etcd()
                    + " names may not be executed by the user of this process; chmod a+rx makes that possible");
        }
        try (var asked = Child.start(scratch, note, List.of("--version"), limits.stop())) {
            if (!asked.ended(limits.version())) {
                throw new NotDrilled("the program that " + words.etcd() + " names did not print its version within "
                        + limits.version().toSeconds() + " s; name an etcd in " + words.etcd());
            }
            return asked.output().lines().stream()
                    .flatMap(line -> of(line).stream())
                    .findFirst()
                    .orElseThrow(() -> new NotDrilled("the program that " + words.etcd()
                            + " names is no etcd: with --version it prints none; name an etcd in " + words.etcd()));
        } catch (IOException notStarted) {
            throw new NotDrilled("the program that " + words.etcd() + " names cannot be started: " + reason(notStarted)
                    + "; name an etcd for this machine in " + words.etcd());
        }
    }

    private static Optional<EtcdProgram> of(String line) {
        var match = VERSION.matcher(line);
        return match.lookingAt()
                ? EtcdVersion.parse(match.group(1)).map(version -> new EtcdProgram(version, match.group(1)))
                : Optional.empty();
    }

    private static String reason(IOException notStarted) {
        var said = String.valueOf(notStarted.getMessage());
        var match = SYSTEM_REASON.matcher(said);
        return match.find() ? match.group(1).strip() : said;
    }

    /** @throws NotDrilled if it is older than the etcd that wrote the snapshot, or newer than any that is known */
    void requireSince(Optional<String> writtenBy, String option) {
        var writer = writtenBy.flatMap(EtcdVersion::parse);
        if (writer.isPresent() && writer.get().newerThan(version)) {
            throw new NotDrilled("etcd " + text + " is older than etcd " + writer.get() + ", which wrote this snapshot;"
                    + " name an etcd " + writer.get().line() + " in " + option);
        }
        requireKnown(writer, option);
    }

    /** @throws NotDrilled if an etcd of this line cannot read the snapshot. @param neededLine the first that can */
    void requireReads(Optional<String> neededLine, String option) {
        var first = neededLine.flatMap(line -> EtcdVersion.parse(line + ".0"));
        if (first.isPresent() && first.get().newerThan(version)) {
            throw new NotDrilled("etcd " + text + " cannot read this snapshot, which needs etcd "
                    + first.get().line() + " or later; name an etcd "
                    + first.get().line() + " in " + option);
        }
        requireKnown(first, option);
    }

    private void requireKnown(Optional<EtcdVersion> first, String option) {
        if (version.newerThan(EtcdVersion.NEWEST)) {
            throw new NotDrilled("etcd " + text + " is of a line that this program does not know yet; name an etcd "
                    + first.map(EtcdVersion::line).orElse(EtcdVersion.NEWEST.line()) + " in " + option);
        }
    }
}
