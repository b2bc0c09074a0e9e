package dev.otherix.backup.restore;

import dev.otherix.backup.config.InTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Asks which members of a cluster still live: whether their peer URLs take a TCP connection. All are asked at the same
 * time, and each has one limit for its name and its connections together, so all answers come within that limit.
 */
public final class LivePeers {

    /** How long a member has to answer. */
    public static final Duration LIMIT = Duration.ofSeconds(2);

    private static final int MOST_ADDRESSES = 16;

    private final Duration limit;
    private final Function<String, List<InetAddress>> names;

    public LivePeers() {
        this(LIMIT, LivePeers::addresses);
    }

    /** @param names finds the addresses of a host, none if its name is unknown; may hang as a name server does */
    LivePeers(Duration limit, Function<String, List<InetAddress>> names) {
        this.limit = limit;
        this.names = names;
    }

    /**
     * What came of one peer URL.
     *
     * @param url as it was given
     * @param answers whether it took a connection
     * @param detail what happened, as the rest of a sentence that begins with the URL
     */
    public record Answer(String url, boolean answers, String detail) {}

    /** One answer for each URL, in their order. A text that is no peer URL does not answer. */
    public List<Answer> ask(Collection<String> peerUrls) {
        var until = System.nanoTime() + limit.toNanos();
        var asked = peerUrls.stream()
                .map(url -> CompletableFuture.supplyAsync(() -> answer(url, until), Thread::startVirtualThread))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /**
     * Whether a program on this machine listens on the port of this URL. False if the host of the URL is another
     * machine, or has no address.
     */
    public boolean listensHere(PeerUrl url) {
        var until = System.nanoTime() + limit.toNanos();
        try {
            var own = resolved(url.host(), until).stream()
                    .filter(LivePeers::isOfThisMachine)
                    .toList();
            // a program that listens on loopback alone has the port too
            var all = Stream.concat(own.stream(), Stream.of(InetAddress.getLoopbackAddress()));
            return !own.isEmpty() && refusal(all, url.port(), until).isEmpty();
        } catch (TimeoutException hangs) {
            return false;
        }
    }

    /** Whether the host of this URL is this machine. False if it has no address. */
    public boolean isHere(PeerUrl url) {
        try {
            return resolved(url.host(), System.nanoTime() + limit.toNanos()).stream()
                    .anyMatch(LivePeers::isOfThisMachine);
        } catch (TimeoutException hangs) {
            return false;
        }
    }

    private Answer answer(String text, long until) {
        try {
            var url = PeerUrl.parse(text);
            var found = resolved(url.host(), until);
            if (found.isEmpty()) {
                return new Answer(text, false, "has a host name that is not known here");
            }
            var refusal = refusal(found.stream(), url.port(), until);
            return new Answer(text, refusal.isEmpty(), refusal.orElse("answers"));
        } catch (IllegalArgumentException malformed) {
            return new Answer(text, false, String.valueOf(malformed.getMessage()));
        } catch (TimeoutException hangs) {
            return new Answer(text, false, "has a host name that was not resolved within " + limit.toSeconds() + " s");
        }
    }

    /** A lookup that hangs keeps its thread, which must be none of the few that carry the virtual ones. */
    private List<InetAddress> resolved(String host, long until) throws TimeoutException {
        return InTime.ask(left(until), () -> names.apply(host));
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    /** Why none of the addresses takes a connection; empty if one does. */
    private Optional<String> refusal(Stream<InetAddress> addresses, int port, long until) {
        var attempts = addresses
                .limit(MOST_ADDRESSES)
                .map(address -> CompletableFuture.supplyAsync(
                        () -> refusal(new InetSocketAddress(address, port), until), Thread::startVirtualThread))
                .toList();
        var refusals = attempts.stream().map(CompletableFuture::join).toList();
        return refusals.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : refusals.getFirst();
    }

    private Optional<String> refusal(InetSocketAddress address, long until) {
        try (var socket = new Socket()) {
            // 0 would be no limit
            socket.connect(address, (int) Math.max(1, left(until).toMillis()));
            return Optional.empty();
        } catch (SocketTimeoutException silent) {
            return Optional.of("has not answered within " + limit.toSeconds() + " s");
        } catch (IOException refused) {
            return Optional.of("does not answer (" + refused.getMessage() + ")");
        }
    }

    private static Duration left(long until) {
        return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return false;
        }
    }
}
