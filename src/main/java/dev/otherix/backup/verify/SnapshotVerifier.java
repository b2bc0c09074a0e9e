package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltChecker;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Proves a snapshot from its file alone: the SHA-256 of its footer, every page, every row. Reads only. Memory does not
 * grow with the file: it remembers at most {@value #MOST_KEYS} keys at once (24 MiB) and one bit for each row, and
 * holds a few MiB of the file at a time.
 *
 * <p>Safe for use by several threads.
 */
public final class SnapshotVerifier {

    static final int MOST_KEYS = 1_600_000;

    private static final ElementVisitor NOBODY = (page, index, key, keyLength, valueLength) -> {};

    private final int mostKeys;
    private final BoltFile.Access access;

    public SnapshotVerifier() {
        this(BoltFile.Access.MAP);
    }

    public SnapshotVerifier(BoltFile.Access access) {
        this(MOST_KEYS, access);
    }

    SnapshotVerifier(int mostKeys, BoltFile.Access access) {
        this.mostKeys = mostKeys;
        this.access = access;
    }

    /** What a proof tells besides its findings. */
    public enum Facts {
        /** {@link SnapshotProof#storedRows} only. */
        NONE,
        /** {@link SnapshotProof#facts} too. */
        PLAIN,
        /** {@link SnapshotProof#details} too. */
        DETAILS
    }

    /**
     * How to verify.
     *
     * @param raw whether the file is a copy of a member's own {@code snap/db}, which has no footer
     * @param bytesPerSecond how fast the file may be read, 0 = no limit
     * @param facts which facts are wanted
     * @param line the etcd that must start with it
     * @param hashed whether the SHA-256 is wanted; without it, the file is raw
     * @param members whether the rows of the members have to be right
     */
    public record Options(
            boolean raw, long bytesPerSecond, Facts facts, EtcdVersion line, boolean hashed, boolean members) {

        /** A snapshot, at full speed, without details. */
        public static final Options PLAIN = new Options(false, 0, false);

        /** With the SHA-256. */
        public Options(boolean raw, long bytesPerSecond, Facts facts, EtcdVersion line) {
            this(raw, bytesPerSecond, facts, line, true, true);
        }

        /** For the newest etcd that this program knows. */
        public Options(boolean raw, long bytesPerSecond, boolean details) {
            this(raw, bytesPerSecond, details ? Facts.DETAILS : Facts.PLAIN, EtcdVersion.NEWEST);
        }

        /** For what reads the rows itself: no facts. */
        public static Options rowsOnly(boolean raw) {
            return new Options(raw, 0, Facts.NONE, EtcdVersion.NEWEST);
        }

        /** For a restore, which writes the members anew: no facts. */
        public static Options forRestore(boolean raw) {
            return new Options(raw, 0, Facts.NONE, EtcdVersion.NEWEST, true, false);
        }

        /** For a database of which no SHA-256 is known: pages and rows. */
        static Options unhashed() {
            return new Options(true, 0, Facts.NONE, EtcdVersion.NEWEST, false, true);
        }
    }

    /**
     * Verifies {@code file}. The proof holds every fault, whatever the bytes are. A link is not followed.
     *
     * @param progress gets the progress from time to time, in bytes of the file, on this thread; at the end, the whole
     *     size
     * @throws IOException if the file cannot be read @throws VerificationCancelled if the thread was interrupted
     */
    public SnapshotProof verify(Path file, Options options, LongConsumer progress) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new IOException(file + " is no file");
        }
        return verify(
                () -> FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)),
                options,
                progress);
    }

    /** Like the other method, for a file that the source opens. */
    public SnapshotProof verify(FileSource file, Options options, LongConsumer progress) throws IOException {
        return verify(file, options, _ -> NOBODY, progress);
    }

    /**
     * Like the other methods.
     *
     * @param beside makes what sees the entries too as they are read, each whose position is sound, even if there are
     *     findings elsewhere
     */
    SnapshotProof verify(
            FileSource file, Options options, Function<BoltFile, ElementVisitor> beside, LongConsumer progress)
            throws IOException {
        var channel = file.open();
        try {
            return verify(channel, file, options, beside, progress);
        } catch (ClosedByInterruptException interrupted) {
            throw new VerificationCancelled();
        } catch (IOException | RuntimeException | Error broken) {
            channel.close();
            throw broken;
        }
    }

    /** @param channel for the walk; the proof closes it */
    private SnapshotProof verify(
            FileChannel channel,
            FileSource file,
            Options options,
            Function<BoltFile, ElementVisitor> beside,
            LongConsumer progress)
            throws IOException {
        var size = channel.size();
        // a file with a footer is a snapshot, whatever the caller says
        var footer = options.hashed() && IntegrityFooter.isIn(size);
        var streamed = footer || !options.raw();
        var made = new Progress(progress, size);
        @Nullable BoltFile opened = null;
        try (var hashing = options.hashed() ? FooterHashing.start(file, options.bytesPerSecond(), made) : null) {
            if (hashing != null && options.bytesPerSecond() > 0) {
                // it reads the file into memory at its rate; the walk then finds it there
                hashing.result();
            }
            opened = BoltFile.open(channel, footer ? size - IntegrityFooter.BYTES : size, access);
            var proof = walk(opened, options, streamed, beside.apply(opened), made);
            if (hashing != null) {
                proof.setFooter(hashing.result(), options.raw());
            }
            made.end();
            return proof;
        } catch (InternalError fault) {
            release(opened);
            throw new IOException("the medium fails, or the file became shorter", fault);
        } catch (UncheckedIOException notRead) {
            release(opened);
            if (notRead.getCause() instanceof ClosedByInterruptException) {
                throw new VerificationCancelled();
            }
            throw notRead.getCause();
        } catch (IOException | RuntimeException | Error broken) {
            release(opened);
            throw broken;
        }
    }

    private static void release(@Nullable BoltFile opened) {
        if (opened != null) {
            opened.close();
        }
    }

    private SnapshotProof walk(
            BoltFile file, Options options, boolean streamed, ElementVisitor beside, Progress progress) {
        var rows = new RowCheck(file, new StoreRows(file, options.line(), options.members()), progress);
        var facts = options.facts() == Facts.DETAILS ? new BucketFacts(file, rows) : null;
        var began = System.nanoTime();
        var structure = BoltChecker.check(file, streamed, both(facts == null ? rows : facts, beside));
        var pagesTook = Duration.ofNanos(System.nanoTime() - began);
        progress.pagesDone();
        rows.store().end();
        if (structure.sound()
                && structure.bucket(RowCheck.KEY).isPresent()
                && structure.bucket(StoreRows.META).isEmpty()) {
            rows.store()
                    .findings()
                    .add(
                            "bucket_missing",
                            null,
                            StoreRows.META,
                            () -> "there is no bucket " + StoreRows.META + "; etcdutl does not restore it");
        }
        var proof = new SnapshotProof(file, structure, rows, mostKeys, pagesTook);
        if (structure.sound() && structure.bucket(RowCheck.KEY).isEmpty()) {
            rows.findings()
                    .add(
                            "bucket_missing",
                            null,
                            RowCheck.KEY,
                            () -> "there is no bucket " + RowCheck.KEY + "; this is no etcd database");
        } else if (options.facts() != Facts.NONE
                && structure.sound()
                && rows.findings().count() == 0) {
            keep(proof, KeySpace.read(file, structure, rows, mostKeys, progress), facts);
        }
        proof.endRows(Duration.ofNanos(System.nanoTime() - began));
        return proof;
    }

    private static ElementVisitor both(ElementVisitor first, ElementVisitor beside) {
        return beside == NOBODY ? first : new Both(first, beside);
    }

    private static void keep(SnapshotProof proof, KeySpace keys, @Nullable BucketFacts facts) {
        try {
            proof.keep(keys, facts == null ? null : keys.details(facts));
        } catch (RuntimeException | Error broken) {
            keys.close();
            throw broken;
        }
    }
}
