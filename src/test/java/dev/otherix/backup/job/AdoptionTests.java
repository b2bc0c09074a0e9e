package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTests {

    private static final SnapshotName NAME = SnapshotName.parse("otherix-20260606T031500Z.db").orElseThrow();

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private SnapshotDirectory directory;
    private Adoption adoption;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        adoption = new Adoption(directory, new Retention(new RetentionPolicy(7, 7), directory), clock);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    /** Whole pages and their SHA-256, as a member's stream ends. */
    static byte[] withFooter(int pages) {
        try {
            byte[] data = new byte[pages * 4096];
            Arrays.fill(data, (byte) 7);
            byte[] file = Arrays.copyOf(data, data.length + 32);
            System.arraycopy(MessageDigest.getInstance("SHA-256").digest(data), 0, file, data.length, 32);
            return file;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Snapshot only() {
        assertThat(directory.list()).hasSize(1);
        return directory.list().getFirst();
    }

    @Test
    void aGoodFileWithoutARecordIsCheckedAndRecorded() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));

        adoption.look();

        assertThat(only().verified()).isTrue();
        assertThat(only().trigger()).isNull();
        assertThat(only().etcd()).isNull();
        assertThat(only().createdAt()).isEqualTo(NAME.second());
        assertThat(only().keptBecause()).containsExactly(KeptBecause.NEWEST, KeptBecause.LATEST);
        assertThat(only().sha256()).hasSize(64);
        assertThat(directory.path().resolve("otherix-20260606T031500Z.json")).exists();
    }

    @Test
    void aBadFileLosesItsNameOnlyAfterASecondLookAMinuteLater() throws IOException {
        byte[] bad = withFooter(3);
        bad[5000] ^= 1;
        Files.write(directory.file(NAME), bad);

        adoption.look();
        clock.advance(Duration.ofSeconds(59));
        adoption.look();
        assertThat(only().verified()).isFalse();

        clock.advance(Duration.ofSeconds(1));
        adoption.look();
        assertThat(directory.list()).isEmpty();
        assertThat(directory.path().resolve(NAME + ".corrupt")).hasBinaryContent(bad);
        assertThat(directory.corrupt()).isEqualTo(1);
    }

    @Test
    void aFileThatIsStillBeingCopiedKeepsItsName() throws IOException {
        byte[] whole = withFooter(3);
        Files.write(directory.file(NAME), Arrays.copyOf(whole, 5000));
        adoption.look();
        clock.advance(Duration.ofMinutes(1));
        Files.write(directory.file(NAME), Arrays.copyOf(whole, 9000));
        adoption.look();
        assertThat(only().verified()).isFalse();

        clock.advance(Duration.ofMinutes(1));
        Files.write(directory.file(NAME), whole);
        adoption.look();

        assertThat(only().verified()).isTrue();
    }

    @Test
    void aDamagedRecordIsKeptAsideAndItsSnapshotHeldUntilAPersonDecides() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));
        Files.writeString(directory.path().resolve("otherix-20260606T031500Z.json"), "{ half a rec");

        adoption.look();

        assertThat(only().verified()).isTrue();
        assertThat(only().keptBecause()).contains(KeptBecause.DAMAGED_RECORD);
        assertThat(directory.path().resolve("otherix-20260606T031500Z.json.damaged")).hasContent("{ half a rec");

        directory.pin(NAME, false);
        assertThat(only().keptBecause()).doesNotContain(KeptBecause.DAMAGED_RECORD);
    }

    @Test
    void aRecordOfAnotherSizeThanItsFileDoesNotCount() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));
        adoption.look();
        Files.write(directory.file(NAME), withFooter(2));
        assertThat(only().verified()).isFalse();

        adoption.look();

        assertThat(only().verified()).isTrue();
        assertThat(only().sizeBytes()).isEqualTo(2 * 4096 + 32);
    }

    @Test
    void whatIsGoodAlreadyIsNotReadAgain() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));
        adoption.look();
        var checkedAt = only().verification().checkedAt();
        clock.advance(Duration.ofHours(1));

        adoption.look();

        assertThat(only().verification().checkedAt()).isEqualTo(checkedAt);
    }

    @Test
    void aPinnedFileThatNobodyHasLookedAtIsCheckedToo() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));
        directory.pin(NAME, true);
        assertThat(only().verified()).isFalse();

        adoption.look();

        assertThat(only().verified()).isTrue();
        assertThat(only().pinned()).isTrue();
        assertThat(only().keptBecause()).contains(KeptBecause.PINNED).doesNotContain(KeptBecause.DAMAGED_RECORD);
    }

    @Test
    void aMissingDirectoryStopsNothing() throws IOException {
        Files.write(directory.file(NAME), withFooter(3));
        Files.move(directory.path(), temporary.resolve("away"));

        adoption.look();

        Files.move(temporary.resolve("away"), directory.path());
        adoption.look();
        assertThat(only().verified()).isTrue();
    }
}
