package dev.otherix.backup.start;

import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.snapshot.DirectoryFailure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Turns a snapshot directory that cannot be opened into Description and Action, in place of a stack trace. */
final class UnusableDirectoryAnalyzer extends AbstractFailureAnalyzer<DirectoryFailure> {

    private static final String ANOTHER =
            "set workers.backup.dir to a directory that this service's user can write to.";

    private final Environment environment;
    private final Optional<SystemdUnit> unit = SystemdUnit.find(System.getenv(), SystemdUnit.CGROUP);

    UnusableDirectoryAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DirectoryFailure cause) {
        return new FailureAnalysis(
                "The directory that workers.backup.dir names cannot be used: " + cause.getMessage() + ".",
                fix(cause.reason()),
                cause);
    }

    private String fix(DirectoryFailure.Reason reason) {
        return switch (reason) {
            case LOCKED ->
                "Stop the other instance, or set workers.backup.dir to a directory that only this replica uses.";
            case NOT_WRITABLE -> hidden() ? hiddenByTheUnit() : make();
            case READ_ONLY ->
                hidden()
                        ? hiddenByTheUnit()
                        : unit.map(this::allow).orElse("Mount its file system for writing, or " + ANOTHER);
            case NO_SPACE ->
                "Make room there, or set workers.backup.dir to a directory on a file system with more space.";
            case TOO_MANY -> "Run the command above as root, and start the service again.";
            case EXPOSED ->
                "Close it to other users: chmod 700 on a directory above it, or mount it with umask=077 (CIFS: "
                        + "file_mode=0600,"
                        + "dir_mode=0700). Or set workers.backup.dir to a directory on another file system.";
            case HANGS -> "Check the disk, or the server of the file system, and start the service again.";
            case GONE, REPLACED, EXISTS, BROKEN ->
                "Set workers.backup.dir to a directory that exists or can be made, and check that its file system "
                        + "is mounted and healthy.";
        };
    }

    private String allow(SystemdUnit service) {
        return "The unit " + service.name()
                + " lets the service write into its own directory only. To let it write into this one too, "
                + "run as root:" + System.lineSeparator() + System.lineSeparator()
                + service.allow(directory(), System.getProperty("user.name"))
                        .map(line -> "    " + line)
                        .collect(Collectors.joining(System.lineSeparator()))
                + System.lineSeparator() + System.lineSeparator()
                + "If that is already done, the file system itself is mounted read-only.";
    }

    private String make() {
        return "To make it for this service's user, run:" + System.lineSeparator() + System.lineSeparator()
                + "    sudo " + SystemdUnit.make(directory(), System.getProperty("user.name")) + System.lineSeparator()
                + System.lineSeparator()
                + "Or " + ANOTHER;
    }

    private boolean hidden() {
        return unit.isPresent()
                && Stream.of("/home", "/root", "/run/user")
                        .anyMatch(home -> directory().startsWith(home));
    }

    private static String hiddenByTheUnit() {
        return "The service's unit hides home directories from it: set workers.backup.dir to a directory elsewhere, "
                + "for example /var/backups/otherix-etcd.";
    }

    private Path directory() {
        var dir = SettingsPropertySource.of((ConfigurableEnvironment) environment)
                .getSource()
                .bind(BackupProperties.class)
                .dir();
        return dir == null ? Path.of("") : dir.normalize();
    }
}
