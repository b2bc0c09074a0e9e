package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlaceWordsTests {

    @Test
    void aBucketIsNamedWithAllThatAnotherMachineNeedsToReachIt() {
        var place = new S3Place(
                "backups", "eu-1", URI.create("https://minio.example:9000"), true, Path.of("/etc/ca.crt"), null);

        assertThat(PlaceWords.of(place, "otherix-etcd-backup"))
                .containsExactly(
                        "--from",
                        "s3://backups",
                        "--endpoint-url",
                        "https://minio.example:9000",
                        "--region",
                        "eu-1",
                        "--ca-file",
                        "/etc/ca.crt",
                        "--path-style");
    }

    @Test
    void aPrefixIsNamedUnlessItIsTheUsualOne() {
        var place = new S3Place("backups", null, null, null, null, null);

        assertThat(PlaceWords.of(place, "otherix-etcd-backup")).containsExactly("--from", "s3://backups");
        assertThat(PlaceWords.of(place, "")).containsExactly("--from", "s3://backups/");
        assertThat(PlaceWords.of(place, "a/b")).containsExactly("--from", "s3://backups/a/b");
        assertThat(PlaceWords.of(Path.of("/mnt/copies"), "otherix-etcd-backup"))
                .containsExactly("--from", "file:///mnt/copies");
        assertThat(PlaceWords.of(Path.of("/mnt/copies"), "a")).containsExactly("--from", "file:///mnt/copies/a");
    }
}
