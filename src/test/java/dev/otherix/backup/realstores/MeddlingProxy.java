package dev.otherix.backup.realstores;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Stands between a client and a store, passes requests on, and meddles with those that a rule is for: it cuts
 * connections, loses answers, slows down, or answers in the store's place. Each request gets a connection of its own.
 */
public final class MeddlingProxy implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)\\r?$");

    private final URI store;
    private final ServerSocket listener;
    private final Queue<Rule> rules = new ConcurrentLinkedQueue<>();
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    /** What is done to a request. */
    @FunctionalInterface
    public interface Meddling {

        /** Serves a request whose head was read, and closes both sockets at its end. */
        void with(Exchange exchange) throws IOException;
    }

    private record Rule(Predicate<String> request, AtomicInteger times, Meddling meddling) {}

    private MeddlingProxy(URI store) throws IOException {
        this.store = store;
        this.listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    public static MeddlingProxy before(URI store) {
        try {
            return new MeddlingProxy(store);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The first lines of all requests so far. */
    public Queue<String> seen() {
        return seen;
    }

    /** Meddles with the next requests whose first line contains all of {@code words}. */
    public void next(int times, Meddling meddling, String... words) {
        rules.add(new Rule(
                line -> java.util.Arrays.stream(words).allMatch(line::contains), new AtomicInteger(times), meddling));
    }

    /** Meddles with no request any more. */
    public void behave() {
        rules.clear();
        bytesPerSecond = Long.MAX_VALUE;
    }

    /** Lets bytes through at this rate, each way. */
    public void slowDown(long rate) {
        bytesPerSecond = rate;
    }

    /** Cuts the connection before the store learns of the request. */
    public static Meddling cut() {
        return Exchange::reset;
    }

    /** Passes on this much of the body, and cuts the connection. */
    public static Meddling cutBodyAfter(long bytes) {
        return exchange -> {
            exchange.sendHead();
            exchange.answerInBackground();
            exchange.sendBody(bytes);
            exchange.reset();
        };
    }

    /** Lets the store do what it is asked, and loses its answer. */
    public static Meddling loseAnswer() {
        return exchange -> {
            exchange.sendHead();
            exchange.sendWholeBody();
            exchange.awaitAnswer();
            exchange.reset();
        };
    }

    /** Passes on this much of the answer, and cuts the connection. */
    public static Meddling cutAnswerAfter(long bytes) {
        return exchange -> {
            exchange.sendHead();
            exchange.sendWholeBody();
            exchange.passAnswer(bytes);
            exchange.reset();
        };
    }

    /** Answers in the store's place, with these bytes or any number of them. */
    public static Meddling answer(String head, Iterable<byte[]> body) {
        return exchange -> {
            exchange.write(head.replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n");
            for (var bytes : body) {
                exchange.write(bytes);
            }
            exchange.end();
        };
    }

    /** The same with one text. */
    public static Meddling answer(String head, String body) {
        return answer(
                head + "\nContent-Type: application/xml\nContent-Length: " + body.length(),
                java.util.List.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = new Socket(store.getHost(), store.getPort())) {
            var exchange = new Exchange(client, server);
            exchange.readHead();
            seen.add(exchange.line());
            for (var rule : rules) {
                if (rule.request().test(exchange.line()) && rule.times().getAndDecrement() > 0) {
                    rule.meddling().with(exchange);
                    return;
                }
            }
            exchange.pass();
        } catch (IOException ended) {
            // one side has gone
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** One request, whose head was read, and its answer. */
    public final class Exchange {

        private final Socket client;
        private final Socket server;
        private final InputStream fromClient;
        private String head = "";

        private Exchange(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            this.fromClient = new BufferedInputStream(client.getInputStream());
        }

        private void readHead() throws IOException {
            var bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                var next = fromClient.read();
                if (next < 0) {
                    throw new IOException("no request");
                }
                bytes.write(next);
            }
            head = bytes.toString(StandardCharsets.ISO_8859_1);
        }

        String line() {
            return head.substring(0, head.indexOf('\r'));
        }

        private long bodyLength() {
            var length = LENGTH.matcher(head);
            return length.find() ? Long.parseLong(length.group(1)) : 0;
        }

        private void pass() throws IOException {
            sendHead();
            var answer = answerInBackground();
            sendWholeBody();
            join(answer);
        }

        void sendHead() throws IOException {
            // so that the answer ends with the connection
            server.getOutputStream()
                    .write(head.replaceFirst("(?im)^connection:.*\\r\\n", "")
                            .replaceFirst("\r\n", "\r\nConnection: close\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
        }

        void sendWholeBody() throws IOException {
            if (head.toLowerCase(java.util.Locale.ROOT).contains("100-continue")) {
                write("HTTP/1.1 100 Continue\r\n\r\n");
            }
            sendBody(bodyLength());
        }

        void sendBody(long bytes) throws IOException {
            copy(fromClient, server.getOutputStream(), Math.min(bytes, bodyLength()));
        }

        Thread answerInBackground() {
            return Thread.ofVirtual().start(() -> {
                try {
                    passAnswer(Long.MAX_VALUE);
                } catch (IOException ended) {
                    // one side has gone
                }
            });
        }

        void passAnswer(long bytes) throws IOException {
            copy(server.getInputStream(), client.getOutputStream(), bytes);
        }

        void awaitAnswer() throws IOException {
            var first = server.getInputStream().read();
            if (first < 0) {
                throw new IOException("no answer");
            }
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            client.getOutputStream().write(bytes);
        }

        /** Ends an answer, and reads what still comes, so that the answer is not lost. */
        void end() throws IOException {
            client.shutdownOutput();
            fromClient.skip(bodyLength());
        }

        void reset() throws IOException {
            client.setSoLinger(true, 0);
            client.close();
        }

        private void copy(InputStream from, OutputStream to, long bytes) throws IOException {
            var buffer = new byte[(int) Math.min(8192, Math.max(64, bytesPerSecond / 4))];
            var left = bytes;
            while (left > 0) {
                var count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    return;
                }
                to.write(buffer, 0, count);
                left -= count;
                if (bytesPerSecond < Long.MAX_VALUE) {
                    java.util.concurrent.locks.LockSupport.parkNanos(count * 1_000_000_000L / bytesPerSecond);
                }
            }
        }

        private static void join(Thread thread) throws IOException {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }
    }
}
