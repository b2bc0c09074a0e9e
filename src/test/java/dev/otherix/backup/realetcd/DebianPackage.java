package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The Debian package that a build with the profile {@code deb} makes. */
public final class DebianPackage {

    private DebianPackage() {}

    /** The package, empty where this build made none. */
    public static Optional<Path> built() {
        try (var packages = Files.newDirectoryStream(Path.of("target"), "otherix-etcd-backup_*.deb")) {
            var found = packages.iterator();
            return found.hasNext() ? Optional.of(found.next()) : Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot list target", cause);
        }
    }
}
