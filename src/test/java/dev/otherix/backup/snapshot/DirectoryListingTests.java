package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory as it is seen without holding it. */
class DirectoryListingTests {

    @TempDir
    private Path path;

    @Test
    void itIsWhatTheServiceLists() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            Sample.at(1).commitTo(directory);
            Sample.at(2).commitTo(directory);
            Sample.at(3).putFile(path);
            Files.writeString(path.resolve(Sample.minute(3).recordFile()), "damaged");
            Sample.at(4).putFile(path);
            var listing = DirectoryListing.of(path);
            assertThat(listing.newestFirst().toList()).hasSize(4).isEqualTo(directory.list());
            assertThat(listing.newestRestorable())
                    .isEqualTo(directory.latest())
                    .contains(Sample.at(2).snapshot());
        }
    }

    @Test
    void whatFailedACheckIsNamedApart() throws IOException {
        var name = Sample.minute(1);
        for (var file : new String[] {
            name.corruptFile(),
            name.corruptRecordFile(),
            name.rejectedFile(),
            name.temporaryFile(),
            name + ".old",
            "saved.db.corrupt",
            ".corrupt"
        }) {
            Files.createFile(path.resolve(file));
        }
        var listing = DirectoryListing.of(path);
        assertThat(listing.setAside()).containsExactly(name.corruptFile(), name.rejectedFile());
        assertThat(listing.newestFirst()).isEmpty();
        assertThat(listing.newestRestorable()).isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> DirectoryListing.of(path.resolve("absent")))
                .withMessageContaining("does not exist");
        assertThat(path).isEmptyDirectory();
    }

    @Test
    void theRecordOfAFileIsTheOneBesideIt() throws IOException {
        Sample.at(1).putRecord(path);
        assertThat(DirectoryListing.recordOf(path.resolve(Sample.minute(1).toString())))
                .contains(Sample.at(1).snapshot());
        assertThat(DirectoryListing.recordOf(path.resolve(Sample.minute(2).toString())))
                .isEmpty();
        assertThat(DirectoryListing.recordOf(path.resolve("saved.db"))).isEmpty();
        assertThat(DirectoryListing.recordOf(Path.of(Sample.minute(1).toString())))
                .isEmpty();
    }
}
