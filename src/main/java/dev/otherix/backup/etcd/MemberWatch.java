package dev.otherix.backup.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the member who it is every few seconds, so that health, metrics and status answer from what is known and never
 * wait for etcd. Keeps one connection, and makes it anew after any failure.
 */
public final class MemberWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MemberWatch.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final EtcdMember member;
    private final List<Consumer<MemberStatus>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock ending = new ReentrantLock();
    private @Nullable MemberConnection connection;
    private volatile @Nullable Sight sight;
    private @Nullable Thread looking;
    private volatile boolean closed;

    public MemberWatch(EtcdMember member) {
        this.member = member;
    }

    /**
     * What was seen last.
     *
     * @param status what the member said the last time it answered
     * @param error why it does not answer now; empty while it does
     */
    public record Sight(Optional<MemberStatus> status, Optional<String> error) {

        public boolean reachable() {
            return error.isEmpty();
        }
    }

    /** What was seen last; empty before the first look has ended. */
    public Optional<Sight> last() {
        return Optional.ofNullable(sight);
    }

    /** Tells {@code listener} what the member says each time it answers, on the thread that looks. */
    public void listen(Consumer<MemberStatus> listener) {
        listeners.add(listener);
    }

    /** Looks now. */
    public synchronized void look() {
        if (begins()) {
            try {
                lookAtMember();
            } finally {
                ends();
            }
        }
    }

    private boolean begins() {
        ending.lock();
        try {
            looking = closed ? null : Thread.currentThread();
            return !closed;
        } finally {
            ending.unlock();
        }
    }

    private void ends() {
        ending.lock();
        try {
            looking = null;
            if (closed) {
                // what ended this look is not meant for what the thread does next
                Thread.interrupted();
            }
        } finally {
            ending.unlock();
        }
    }

    private void lookAtMember() {
        var before = sight;
        try {
            if (connection == null) {
                connection = member.connect();
            }
            var status = connection.status(LIMIT);
            sight = new Sight(Optional.of(status), Optional.empty());
            listeners.forEach(listener -> listener.accept(status));
            if (before != null && !before.reachable()) {
                LOG.info("etcd answers again");
            }
        } catch (EtcdFailure failure) {
            disconnect();
            sight = new Sight(
                    before == null ? Optional.empty() : before.status(),
                    Optional.of(String.valueOf(failure.getMessage())));
            if (!closed && (before == null || before.reachable())) {
                LOG.warn("etcd does not answer: {}", failure.getMessage());
            }
        }
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Ends the look under way: a member that says nothing does not hold up a stop. */
    @Override
    public void close() {
        ending.lock();
        try {
            closed = true;
            if (looking != null) {
                looking.interrupt();
            }
        } finally {
            ending.unlock();
        }
        synchronized (this) {
            disconnect();
        }
    }
}
