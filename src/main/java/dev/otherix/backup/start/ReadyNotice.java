package dev.otherix.backup.start;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Notifies systemd that the service is ready (sd_notify(3)), so that {@code systemctl start} returns only then. Does
 * nothing without a service manager. Java cannot send datagrams to a socket in the file system, so libc sends it.
 */
final class ReadyNotice implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyNotice.class);
    private static final String VARIABLE = "NOTIFY_SOCKET";

    // unix(7), socket(2), of Linux on every architecture
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int LONGEST_PATH = 108;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        var socket = event.getApplicationContext().getEnvironment().getProperty(VARIABLE, "");
        if (!socket.isEmpty()) {
            send(socket, "READY=1");
        }
    }

    /** Sends a datagram to a path, or to an abstract address, which begins with {@code @}. */
    static void send(String socket, String text) {
        try (var arena = Arena.ofConfined()) {
            var address = address(socket, arena);
            var message = arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.US_ASCII));
            var libc = new Libc(arena);
            var descriptor = libc.socket();
            if (descriptor < 0) {
                LOG.warn("could not report to systemd that the service is ready: no socket, errno {}", libc.errno());
                return;
            }
            if (libc.send(descriptor, message, address) < 0) {
                LOG.warn(
                        "could not report to systemd that the service is ready: sending to {} failed, errno {}",
                        socket,
                        libc.errno());
            }
            libc.close(descriptor);
        }
    }

    /** A sockaddr_un. */
    private static MemorySegment address(String socket, Arena arena) {
        var path = socket.getBytes(StandardCharsets.UTF_8);
        var named = path[0] != '@';
        if (path.length >= LONGEST_PATH) {
            throw new IllegalArgumentException(VARIABLE + " is longer than a socket's path can be: " + socket);
        }
        // a path ends with a zero, an abstract address begins with one
        var address = arena.allocate(Short.BYTES + path.length + (named ? 1L : 0L));
        address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
        if (!named) {
            address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
        }
        return address;
    }

    /** The three calls of the C library. */
    private static final class Libc {

        private static final MemoryLayout STATE = Linker.Option.captureStateLayout();

        private final MemorySegment state;
        private final MethodHandle socket = handle(
                "socket",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private final MethodHandle sendto = handle(
                "sendto",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
        private final MethodHandle close =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        Libc(Arena arena) {
            this.state = arena.allocate(STATE);
        }

        @SuppressWarnings("restricted")
        private static MethodHandle handle(String function, FunctionDescriptor type) {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(function), type, Linker.Option.captureCallState("errno"));
        }

        int socket() {
            return (int) call(socket, state, (int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        }

        long send(int descriptor, MemorySegment message, MemorySegment address) {
            return (long)
                    call(sendto, state, descriptor, message, message.byteSize(), 0, address, (int) address.byteSize());
        }

        void close(int descriptor) {
            call(close, state, descriptor);
        }

        int errno() {
            return state.get(ValueLayout.JAVA_INT, STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
        }

        private static Object call(MethodHandle function, Object... arguments) {
            try {
                return function.invokeWithArguments(arguments);
            } catch (RuntimeException | Error broken) {
                throw broken;
            } catch (Throwable undeclared) {
                throw new IllegalStateException(undeclared);
            }
        }
    }
}
