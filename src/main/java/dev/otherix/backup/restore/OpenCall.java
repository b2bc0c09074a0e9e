package dev.otherix.backup.restore;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** open(2) and close(2) of Linux: Java opens directories too, but does not tell their descriptors. */
final class OpenCall {

    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int PATH_ONLY = 010000000;
    private static final int NOT_PERMITTED = 1;
    private static final int NOT_THERE = 2;
    private static final int DENIED = 13;
    private static final int NO_DIRECTORY = 20;
    private static final int LOOP = 40;
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final MethodHandle OPEN =
            handle("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private OpenCall() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String function, FunctionDescriptor type) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), type, Linker.Option.captureCallState("errno"));
    }

    /** O_DIRECTORY and O_NOFOLLOW, which differ between machines (asm/fcntl.h). */
    private static int directoryFlags() {
        var arm = System.getProperty("os.arch", "").startsWith("a")
                && !System.getProperty("os.arch", "").startsWith("amd");
        return arm ? 040000 | 0100000 : 0200000 | 0400000;
    }

    /** The descriptor of a directory. Of its path only the last part is no link. */
    static int directory(Path path) throws IOException {
        return open(path, directoryFlags());
    }

    /** Like {@link #directory}, to go through only: its content need not be readable. */
    static int passage(Path path) throws IOException {
        return open(path, directoryFlags() | PATH_ONLY);
    }

    private static int open(Path path, int flags) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            var opened = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), CLOSE_ON_EXEC | flags);
            if (opened < 0) {
                throw failure(path, errno(state));
            }
            return opened;
        } catch (IOException | RuntimeException | Error expected) {
            throw expected;
        } catch (Throwable unforeseen) {
            throw new IllegalStateException(unforeseen);
        }
    }

    private static int errno(MemorySegment state) {
        return (int)
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
    }

    private static IOException failure(Path path, int errno) {
        var file = path.toString();
        return switch (errno) {
            case NOT_THERE -> new NoSuchFileException(file);
            case NOT_PERMITTED, DENIED -> new AccessDeniedException(file);
            case NO_DIRECTORY, LOOP -> new FileSystemException(file, null, "is no directory, or a link");
            default -> new FileSystemException(file, null, "cannot be opened (errno " + errno + ")");
        };
    }

    static void close(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            var _ = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
        } catch (RuntimeException | Error expected) {
            throw expected;
        } catch (Throwable unforeseen) {
            throw new IllegalStateException(unforeseen);
        }
    }
}
