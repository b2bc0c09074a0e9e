package dev.otherix.backup.offsite;

import dev.otherix.backup.task.Progress;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * Counts the bytes that go to one target, and holds both directions to the rate. Safe for use by several threads; what
 * it returns is for one.
 */
final class Traffic {

    private final Pace pace;
    private final LongAdder sent = new LongAdder();

    Traffic(Pace pace) {
        this.pace = pace;
    }

    /** Bytes sent since the start of the process. */
    long sent() {
        return sent.sum();
    }

    /** Takes the pieces of an upload. */
    LongConsumer sending(Progress progress) {
        return new Counted(progress, sent);
    }

    /** Takes the pieces of an object that is read back. */
    LongConsumer reading(Progress progress) {
        return new Counted(progress, new LongAdder());
    }

    /** Takes how many bytes of an object have been read so far. */
    LongConsumer readingUpTo() {
        return new LongConsumer() {
            private long before;

            @Override
            public void accept(long read) {
                pace.accept(read - before);
                before = read;
            }
        };
    }

    private final class Counted implements LongConsumer {

        private final Progress progress;
        private final LongAdder all;
        private long bytes;

        Counted(Progress progress, LongAdder all) {
            this.progress = progress;
            this.all = all;
        }

        @Override
        public void accept(long more) {
            bytes += more;
            all.add(more);
            progress.reached(bytes);
            pace.accept(more);
        }
    }
}
