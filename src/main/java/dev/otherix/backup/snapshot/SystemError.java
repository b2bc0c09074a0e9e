package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;

/**
 * Errors of the system that Java passes on only as text. The text depends on the system and its language, so the system
 * is asked for it, once. The numbers are those of Linux.
 */
public enum SystemError {
    NOT_PERMITTED(1),
    INVALID(22),
    NO_SPACE(28),
    READ_ONLY(30),
    NO_LOCKS(37),
    NOT_IMPLEMENTED(38),
    NOT_SUPPORTED(95),
    OVER_QUOTA(122);

    private final String words;

    SystemError(int number) {
        words = Words.of(number);
    }

    /** Whether {@code failure} is this error. */
    public boolean is(IOException failure) {
        var reason = failure instanceof FileSystemException ofFile ? ofFile.getReason() : failure.getMessage();
        return reason != null && reason.equals(words);
    }

    /** Whether this error means that the file system cannot sync directories, rather than that a sync failed. */
    public static boolean cannotSync(IOException refused) {
        return INVALID.is(refused) || NOT_SUPPORTED.is(refused) || NOT_IMPLEMENTED.is(refused);
    }

    /** The system's text for it. */
    String words() {
        return words;
    }

    private static final class Words {

        private static final Linker LINKER = Linker.nativeLinker();
        private static final long LONGEST = 1024;

        private Words() {}

        // calls strerror of the C library, which every Linux has
        @SuppressWarnings("restricted")
        private static String of(int number) {
            var strerror = LINKER.defaultLookup().find("strerror").orElseThrow();
            var call =
                    LINKER.downcallHandle(strerror, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            try {
                var text = (MemorySegment) call.invokeExact(number);
                return text.reinterpret(LONGEST).getString(0, charset());
            } catch (Throwable unforeseen) {
                throw new IllegalStateException("the system does not name its error " + number, unforeseen);
            }
        }

        /** The encoding in which Java reads the system's text. */
        private static Charset charset() {
            return Charset.forName(System.getProperty("sun.jnu.encoding", System.getProperty("native.encoding")));
        }
    }
}
