package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.DirectoryFailure.Reason;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
        var failure = DirectoryFailure.of("writing", PATH, cause);
        assertThat(failure).hasMessage("writing /backups: " + message).hasCause(cause);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.missingBytes()).isZero();
    }

    static Stream<Arguments> theCauseOfTheSystemIsToldAsWhatAnOperatorActsOn() {
        var hint = "); check owner, mode and mount of the directory";
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
                        "/backups/x does not exist; was the directory removed or its volume unmounted?"),
                Arguments.of(
                        new FileAlreadyExistsException("/backups/x"),
                        Reason.EXISTS,
                        "/backups/x already exists and is not replaced"),
                Arguments.of(
                        new AccessDeniedException("/backups/x"),
                        Reason.NOT_WRITABLE,
                        "not permitted (/backups/x" + hint),
                Arguments.of(
                        new FileSystemException("/backups/x", null, "Read-only file system"),
                        Reason.READ_ONLY,
                        "not permitted (/backups/x: Read-only file system" + hint),
                Arguments.of(
                        new FileSystemException("/backups/x", null, "Operation not permitted"),
                        Reason.NOT_WRITABLE,
                        "not permitted (/backups/x: Operation not permitted" + hint),
                Arguments.of(new ClosedChannelException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new AsynchronousCloseException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new ClosedByInterruptException(), Reason.BROKEN, "it has been closed"),
                Arguments.of(new IOException("Input/output error"), Reason.BROKEN, "Input/output error"));
    }

    @Test
    void aCauseWithoutATextIsNamedByItsType() {
        assertThat(DirectoryFailure.of("writing", PATH, new IOException()))
                .hasMessage("writing /backups: java.io.IOException");
    }
}
