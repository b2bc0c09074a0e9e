package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadableFileTests {

    private static final String USER = System.getProperty("user.name");

    @TempDir
    private Path directory;

    @Test
    void aFileThatCanBeReadIsNone() throws IOException {
        assertThat(UnreadableFile.of(Files.createFile(directory.resolve("file"))))
                .isEmpty();
    }

    @Test
    void aMissingFileAndALinkToOneAreMissing() throws IOException {
        var missing = directory.resolve("missing");
        assertThat(UnreadableFile.of(missing)).hasValueSatisfying(why -> {
            assertThat(why.problem()).isEqualTo("does not exist");
            assertThat(why.missing()).isTrue();
        });
        var link = Files.createSymbolicLink(directory.resolve("link"), missing);
        assertThat(UnreadableFile.of(link)).hasValueSatisfying(why -> {
            assertThat(why.problem()).isEqualTo("is a link to " + missing + ", which does not exist");
            assertThat(why.missing()).isTrue();
        });
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThat(UnreadableFile.of(directory).map(UnreadableFile::problem)).hasValue("is a directory");
    }

    @Test
    void aClosedFileIsThereAndItsOwnerModeAndTheCommandAreTold() throws IOException {
        var file = Files.createFile(directory.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        assumeFalse(Files.isReadable(file), "this user reads everything");
        assertThat(UnreadableFile.of(file)).hasValueSatisfying(why -> {
            assertThat(why.problem())
                    .startsWith("is there, but " + USER + " may not read it (owner " + USER + ":")
                    .endsWith(", mode 0200)");
            assertThat(why.fix()).isEqualTo("Run chmod 600 " + file + ".");
            assertThat(why.missing()).isFalse();
        });
    }

    @Test
    void aFileBehindAClosedDirectoryIsNotTakenForMissing() throws IOException {
        var closed = Files.createDirectory(directory.resolve("closed"));
        var file = closed.resolve("below/file");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));
        try {
            assumeFalse(Files.isExecutable(closed), "this user enters everything");
            assertThat(UnreadableFile.of(file)).hasValueSatisfying(why -> {
                assertThat(why.problem())
                        .startsWith("cannot be reached: " + USER + " may not enter " + closed + " (owner " + USER + ":")
                        .endsWith(", mode 0600)");
                assertThat(why.missing()).isFalse();
            });
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aFileOfAnotherUserGetsAnOwnerAndAGroupThatCanReadIt() {
        var file = Path.of("/etc/otherix/tokens.yaml");
        assertThat(UnreadableFile.open(file, UnreadableFile.ownUser() + 1))
                .matches("chgrp \\S+ /etc/otherix/tokens.yaml && chmod 640 /etc/otherix/tokens.yaml");
    }
}
