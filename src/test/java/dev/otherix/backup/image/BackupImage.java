package dev.otherix.backup.image;

import dev.otherix.backup.realetcd.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image under test: the one that {@code OTHERIX_BACKUP_IMAGE} names, else built from this checkout with
 * {@code docker}. The build's own layers make a second one quick.
 *
 * @param name as the container engine knows it
 */
record BackupImage(String name) {

    static final String ETCD = "gcr.io/etcd-development/etcd:v3.6.14";

    private static final String BUILT_HERE = "docker.io/library/otherix-etcd-backup:under-test";
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(15);

    static BackupImage get() {
        return named("OTHERIX_BACKUP_IMAGE", BUILT_HERE);
    }

    /** The other one of the same build, which has an etcd for drills. */
    static BackupImage withEtcd() {
        return named("OTHERIX_BACKUP_IMAGE_WITH_ETCD", BUILT_HERE + "-with-etcd", "--target", "with-etcd");
    }

    private static BackupImage named(String variable, String builtHere, String... target) {
        return new BackupImage(Optional.ofNullable(System.getenv(variable)).orElseGet(() -> {
            var line = new ArrayList<>(List.of("docker", "build", "--quiet", "--tag", builtHere));
            line.addAll(List.of(target));
            line.add(".");
            new Command(line, Map.of(), LONGEST_BUILD).output();
            return builtHere;
        }));
    }
}
