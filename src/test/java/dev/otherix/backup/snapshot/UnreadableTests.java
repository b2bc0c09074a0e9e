package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that belong to another user. The disk refuses them, for root may read what it likes. */
class UnreadableTests {

    @TempDir
    private Path path;

    private final Set<Path> denied = new HashSet<>();
    private final Disk disk = new Disk() {
        @Override
        boolean mayRead(Path file) {
            return !denied.contains(file);
        }

        @Override
        byte[] readUpTo(int bytes, Path file) throws IOException {
            if (denied.contains(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return super.readUpTo(bytes, file);
        }
    };
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(path, 0L, disk);
        Sample.at(1).commitTo(directory);
        Sample.at(2).pin().commitTo(directory);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Path record() {
        return path.resolve(Sample.minute(2).recordFile());
    }

    private Snapshot newest() {
        return directory.list().getFirst();
    }

    @Test
    void aRecordThatCannotBeReadIsNoDamagedOne() {
        denied.add(record());

        assertThat(newest().verified()).isFalse();
        assertThat(newest().keptBecause()).doesNotContain(KeptBecause.DAMAGED_RECORD);
        assertThat(directory.latest()).map(Snapshot::name).contains(Sample.minute(1));
        assertThat(directory.unreadable(Sample.minute(1))).isEmpty();
    }

    @Test
    void itSaysWhoseTheFileIsWhatItsModeIsAndWhatToDo() throws IOException {
        var owner = Files.getOwner(record()).getName();
        denied.add(record());

        assertThat(directory.unreadable(Sample.minute(2)))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("cannot read " + record().getFileName() + ": permission denied (owner " + owner
                                + ", mode 0600)")
                        .contains("chown " + System.getProperty("user.name") + ": " + record().getFileName()
                                + " && chmod 600 " + record().getFileName())
                        .doesNotContain(path.toString()));
    }

    @Test
    void aSnapshotWhoseFileCannotBeReadDoesNotCount() {
        denied.add(directory.file(Sample.minute(2)));

        assertThat(newest().verified()).isFalse();
        assertThat(directory.unreadable(Sample.minute(2)))
                .hasValueSatisfying(why -> assertThat(why).contains(".db: permission denied"));
    }

    @Test
    void nothingIsWrittenRenamedOrRemovedWhileItCannotBeRead() throws IOException {
        var before = Sample.files(path);
        var bytes = Files.readAllBytes(record());
        denied.add(record());
        var name = Sample.minute(2);

        refused(() -> directory.adopt(Sample.at(2).snapshot()));
        refused(() -> directory.setCorrupt(name));
        refused(() -> directory.pin(name, false));
        refused(() -> directory.deleteUnlessNeeded(name));
        assertThat(directory.retention().prune(new RetentionPolicy(1, 1)).removed())
                .isEmpty();

        assertThat(Sample.files(path)).isEqualTo(before);
        assertThat(record()).hasBinaryContent(bytes);
        denied.clear();
        assertThat(newest().pinned()).as("all is as it was").isTrue();
        assertThat(newest().verified()).isTrue();
    }

    private void refused(ThrowingCallable change) {
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(change)
                .withMessageContaining("cannot read " + record().getFileName());
    }

    @Test
    void aRecordThatTheDiskDoesNotGiveIsNotDamagedEither() {
        directory.close();
        var failing = new ScriptedDisk() {
            @Override
            byte[] readUpTo(int bytes, Path file) throws IOException {
                throw new IOException("Input/output error");
            }
        };
        directory = SnapshotDirectory.open(path, 0L, failing);

        assertThat(newest().keptBecause()).doesNotContain(KeptBecause.DAMAGED_RECORD);
        assertThat(directory.unreadable(Sample.minute(2)))
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo("cannot read " + record().getFileName() + " (Input/output error); check the disk"));
    }
}
