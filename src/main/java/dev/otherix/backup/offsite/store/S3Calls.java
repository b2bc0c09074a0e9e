package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes calls to one bucket, each within its limit, and tries a call again that failed for the moment. */
final class S3Calls implements AutoCloseable {

    static final int ONCE = 1;
    static final int AGAIN = 3;

    private final S3Clients clients;
    private final S3Client client;
    private final S3Failures failures;
    private final Limits limits;
    private final TimedCalls calls;

    S3Calls(S3Place place, S3Credentials credentials, Limits limits, Clock clock) {
        this.clients = new S3Clients(place, limits);
        var login = new S3Login(credentials, clients);
        this.client = clients.s3(login);
        this.failures = new S3Failures(place, login, clock);
        this.limits = limits;
        this.calls = new TimedCalls("s3://" + place.bucket());
    }

    Limits limits() {
        return limits;
    }

    S3Failures failures() {
        return failures;
    }

    S3Client client() {
        return client;
    }

    /** A call with a short question and a short answer. */
    <T> T ask(String doing, int attempts, Function<S3Client, T> request) {
        return send(doing, 0, _ -> {}, attempts, request);
    }

    /**
     * A call that sends a body.
     *
     * @param bytes its length
     * @param sent is given the size of each piece that leaves
     */
    <T> T send(String doing, long bytes, LongConsumer sent, int attempts, Function<S3Client, T> request) {
        for (var attempt = 1; ; attempt++) {
            try {
                return once(doing, bytes, sent, request);
            } catch (StoreFailure failed) {
                if (failed.code() != Code.UNAVAILABLE || attempt == attempts) {
                    throw failed;
                }
            }
            pause(attempt);
        }
    }

    /** Waits before attempt {@code attempt + 1}. */
    void pause(int attempt) {
        try {
            Thread.sleep(limits.pause().multipliedBy(1L << (attempt - 1)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failures.failure(Code.INTERRUPTED, "interrupted before the next attempt", null);
        }
    }

    private <T> T once(String doing, long bytes, LongConsumer sent, Function<S3Client, T> request) {
        var progress = new Progress();
        var exchange = new S3Exchange(progress, sent, S3Exchange.LARGEST_ANSWER);
        try {
            return calls.make(doing, progress, limits.silence(), whole(bytes), new TimedCalls.Call<T>() {

                @Override
                public T make() {
                    return ScopedValue.where(S3Exchange.CURRENT, exchange).call(() -> request.apply(client));
                }

                @Override
                public void abort() {
                    exchange.abort();
                }
            });
        } catch (ExecutionException failed) {
            throw failures.of(doing, Objects.requireNonNullElse(failed.getCause(), failed));
        }
    }

    private Duration whole(long bytes) {
        return limits.whole(bytes);
    }

    @Override
    public void close() {
        client.close();
        clients.close();
    }
}
