package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.DirectoryFailure.Reason;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryFailureTests {

    private static final Path PATH = Path.of("/backups");

    @ParameterizedTest
    @MethodSource
    void theCauseOfTheSystemIsToldAsWhatAnOperatorActsOn(IOException cause, Reason reason, String message) {
        var failure = DirectoryFailure.of(PATH, "writing x", cause);
        assertThat(failure.problem()).isEqualTo("writing x: " + message);
        assertThat(failure)
                .hasMessage("writing x: " + message + " (directory /backups)")
                .hasCause(cause);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.missingBytes()).isZero();
    }

    static Stream<Arguments> theCauseOfTheSystemIsToldAsWhatAnOperatorActsOn() {
        var hint = "; check owner, mode and mount of the directory";
        return Stream.of(
                Arguments.of(
                        new IOException("No space left on device"), Reason.NO_SPACE, "no space left on the device"),
                Arguments.of(
                        new FileSystemException("/backups/x", null, "No space left on device"),
                        Reason.NO_SPACE,
                        "no space left on the device"),
                Arguments.of(new IOException("Disk quota exceeded"), Reason.NO_SPACE, "no space left on the device"),
                Arguments.of(
                        new NoSuchFileException("/backups/x"),
                        Reason.GONE,
                        "it does not exist; was the directory removed or its volume unmounted?"),
                Arguments.of(
                        new FileAlreadyExistsException("/backups/x"),
                        Reason.EXISTS,
                        "it already exists and is not replaced"),
                Arguments.of(new AccessDeniedException("/backups/x"), Reason.NOT_WRITABLE, "not permitted" + hint),
                Arguments.of(
                        new FileSystemException("/backups/x", null, "Read-only file system"),
                        Reason.READ_ONLY,
                        "not permitted (Read-only file system)" + hint),
                Arguments.of(
                        new FileSystemException("/backups/x", null, "Operation not permitted"),
                        Reason.NOT_WRITABLE,
                        "not permitted (Operation not permitted)" + hint),
                Arguments.of(new ClosedChannelException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new AsynchronousCloseException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new ClosedByInterruptException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new IOException("Input/output error"), Reason.BROKEN, "Input/output error"));
    }

    @Test
    void aCauseWithoutATextIsNamedByItsType() {
        assertThat(DirectoryFailure.of(PATH, "writing x", new IOException()).problem())
                .isEqualTo("writing x: IOException");
    }

    @ParameterizedTest
    @MethodSource
    void noCauseBringsItsPathIntoTheProblem(IOException cause, String problem, String where) {
        var failure = DirectoryFailure.of(PATH, "listing the snapshot directory", cause);
        assertThat(failure.problem())
                .startsWith("listing the snapshot directory: " + problem)
                .doesNotContain("/backups", "/elsewhere");
        assertThat(failure).hasMessageEndingWith(" (directory " + where + ")");
    }

    static Stream<Arguments> noCauseBringsItsPathIntoTheProblem() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("/backups"), "it does not exist; was", "/backups"),
                Arguments.of(new NoSuchFileException("/backups/x"), "x does not exist; was", "/backups"),
                Arguments.of(new AccessDeniedException("/backups/x"), "not permitted (x); check", "/backups"),
                Arguments.of(new AccessDeniedException("/"), "not permitted (a directory above it)", "/backups, at /"),
                Arguments.of(new NotDirectoryException("/backups"), "it is not a directory", "/backups"),
                Arguments.of(new DirectoryNotEmptyException("/backups/x"), "DirectoryNotEmptyException", "/backups"),
                Arguments.of(
                        new FileSystemException("/backups/x", "/elsewhere/y", "Input/output error"),
                        "Input/output error",
                        "/backups"),
                Arguments.of(new FileSystemException("/elsewhere/y"), "FileSystemException", "/backups"));
    }
}
