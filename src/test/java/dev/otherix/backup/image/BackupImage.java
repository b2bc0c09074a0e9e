package dev.otherix.backup.image;

import dev.otherix.backup.realetcd.Command;
import java.time.Duration;
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
        return new BackupImage(Optional.ofNullable(System.getenv("OTHERIX_BACKUP_IMAGE"))
                .orElseGet(() -> {
                    new Command(
                                    List.of("docker", "build", "--quiet", "--tag", BUILT_HERE, "."),
                                    Map.of(),
                                    LONGEST_BUILD)
                            .output();
                    return BUILT_HERE;
                }));
    }
}
