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
 * Asks the member for its status every few seconds, so that health, metrics and status use the last answer and never
 * wait for etcd. Keeps one connection, and opens a new one after any failure.
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
     * The last observation. @param status the member's last answer @param error why it does not answer now; empty while
     * it does
     */
    public record Sight(Optional<MemberStatus> status, Optional<String> error) {

        public boolean reachable() {
            return error.isEmpty();
        }
    }

    /** The last observation; empty before the first one. */
    public Optional<Sight> last() {
        return Optional.ofNullable(sight);
    }

    /** Passes each answer of the member to {@code listener}, on the thread that asks. */
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
                // the interrupt was meant for this call, not for the thread's next work
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
            sight = new Sight(before == null ? Optional.empty() : before.status(), Optional.of(failure.problem()));
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

    /** Ends the running call: a member that does not answer must not delay a stop. */
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
