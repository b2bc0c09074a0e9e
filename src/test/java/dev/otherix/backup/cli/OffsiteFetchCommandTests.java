package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes back from a store, and what does not. */
class OffsiteFetchCommandTests {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String STAMP = "20260606T031500Z";
    private static final String NAME = "otherix-" + STAMP + ".db";

    private final LyingStore store = new LyingStore();
    private Path dir = Path.of("");
    private Path out = Path.of("");
    private Path snapshot = Path.of("");
    private Path identity = Path.of("");

    @BeforeEach
    void makeFiles(@TempDir Path temporary) throws IOException {
        dir = temporary;
        out = Files.createDirectory(temporary.resolve("out"));
        snapshot = WrittenPast.small().write(temporary.resolve("snapshot"));
        identity = KEY.write(temporary.resolve("identity.txt"));
    }

    private OfflineScene fetch(String... args) {
        return run("", args);
    }

    private OfflineScene run(String input, String... args) {
        var all = new ArrayList<>(List.of("offsite", "fetch"));
        all.addAll(Arrays.asList(args));
        all.addAll(List.of("--out", out.toString()));
        var place =
                new StorePlace(Target.S3, "otherix-etcd-backup", Optional.empty(), List.of(), List.of(), () -> store);
        return OfflineScene.offsite(
                new OffsitePlaces(
                        settings -> List.of(place),
                        url -> {
                            throw new AssertionError("no --from was given");
                        },
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII))),
                all.toArray(String[]::new));
    }

    private StoredSample sample() {
        return new StoredSample(snapshot, STAMP).forKeys(KEY);
    }

    private void refused(OfflineScene run, int exitCode, String... said) {
        assertThat(run.err()).contains(said).doesNotContain(KEY.identity());
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void theSnapshotComesBackWithItsRecordAndItsPathAloneIsPrinted() throws IOException {
        sample().putInto(store);

        var run = fetch(NAME, "--identity", identity.toString());

        var file = out.resolve(NAME);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(file + System.lineSeparator());
        assertThat(run.exitCode()).isZero();
        assertThat(file).hasSameBinaryContentAs(snapshot);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var record = DirectoryListing.recordOf(file).orElseThrow();
        assertThat(record.verified()).isTrue();
        assertThat(record.clusterId()).isEqualTo("cdf818194e3a8c32");
        assertThat(record.trigger()).isNull();
        assertThat(record.content().complete()).isTrue();
        try (var files = Files.list(out)) {
            assertThat(files.map(found -> found.getFileName().toString()))
                    .containsExactlyInAnyOrder(NAME, NAME.replace(".db", ".json"));
        }
    }

    @Test
    void anIdentityMayComeFromStandardInput() {
        sample().putInto(store);
        assertThat(run(KEY.identity() + "\n", "latest", "--identity", "-").exitCode())
                .isZero();
    }

    @Test
    void withTheWrongIdentityNothingIsLeft() {
        sample().putInto(store);
        refused(
                fetch(
                        NAME,
                        "--identity",
                        AgeKey.generate().write(dir.resolve("other")).toString()),
                1,
                NAME + " does not open: none of the identities opens it");
    }
}
