package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UseLockTests {

    @Test
    void aFileIsUsedByOneUntilItIsClosed(@TempDir Path dir) throws IOException {
        var file = dir.resolve("a");
        Files.createFile(file);
        try (var other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            try (var one = FileChannel.open(file, StandardOpenOption.WRITE)) {
                assertThat(UseLock.taken(one::tryLock)).isTrue();
                assertThat(UseLock.taken(other::tryLock)).isFalse();
            }
            assertThat(UseLock.taken(other::tryLock)).isTrue();
        }
    }

    @Test
    void aFileSystemWithoutLocksShowsNothingAndIsNoFailure() {
        assertThat(UseLock.taken(() -> {
                    throw new IOException("No locks available");
                }))
                .isFalse();
    }
}
