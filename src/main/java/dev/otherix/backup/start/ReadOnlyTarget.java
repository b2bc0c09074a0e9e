package dev.otherix.backup.start;

import dev.otherix.backup.config.InTime;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Prints at the start how to let the systemd unit write to the directory of the off-site copies, if it may only read
 * it. The copies are tried all the same, because the directory may be mounted for writing later.
 */
final class ReadOnlyTarget implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyTarget.class);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        SystemdUnit.find(System.getenv(), SystemdUnit.CGROUP).ifPresent(unit -> {
            var settings = SettingsPropertySource.of(
                            event.getApplicationContext().getEnvironment())
                    .getSource();
            Optional.ofNullable(settings.bind(FilesystemProperties.class).path())
                    .filter(ReadOnlyTarget::isReadOnly)
                    .ifPresent(path -> LOG.warn("{}", advice(unit, path.normalize())));
        });
    }

    /** A directory that is not there, or does not answer, is reported when a copy is tried. */
    static boolean isReadOnly(Path directory) {
        try {
            return InTime.ask(LONGEST_LOOK, () -> {
                try {
                    return Files.getFileStore(directory).isReadOnly();
                } catch (IOException notThere) {
                    return false;
                }
            });
        } catch (TimeoutException hangs) {
            return false;
        }
    }

    private static String advice(SystemdUnit unit, Path directory) {
        return "The directory " + directory + " of offsite.filesystem.path can only be read. The unit " + unit.name()
                + " lets the service write into its own directory only. To let it write into this one too, run as root:\n\n"
                + unit.allowCopies(directory).map(line -> "    " + line).collect(Collectors.joining("\n"))
                + "\n\nIf that is already done, the file system itself is mounted read-only.";
    }
}
