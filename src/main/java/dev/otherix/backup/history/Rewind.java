package dev.otherix.backup.history;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.CutRecord;
import dev.otherix.backup.snapshot.History;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.verify.CheckResult;
import dev.otherix.backup.verify.FileSource;
import dev.otherix.backup.verify.SnapshotCopy;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.TooManyLeases;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Makes a snapshot of an earlier moment out of a later one: an ordinary snapshot, which every tool for snapshots takes.
 * The source is proven while it is read, and the result before it gets its name: its pages and rows, and each of its
 * entries against those of the source. Nothing that exists is replaced. Memory does not grow with the file.
 */
public final class Rewind {

    private final SnapshotVerifier verifier;
    private final Clock clock;

    public Rewind(SnapshotVerifier verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    /** Gets the progress. */
    public interface Listener {

        /** Reading the source; the result gets the bytes that are done. */
        LongConsumer reading() throws IOException;

        /** Proving what was written, a file of {@code bytes}; the result gets the bytes that are done. */
        LongConsumer proving(long bytes);
    }

    /**
     * What was made.
     *
     * @param record as it is beside the file
     * @param addedLeases how many leases got a row again, because keys of that moment need them
     */
    public record Made(CutRecord record, int addedLeases) {}

    /**
     * Writes {@code target}, and its record beside it.
     *
     * @param revision the moment
     * @param source a link is followed
     * @param raw whether the source is a copy of a member's own file, without a footer
     * @throws IOException if the source cannot be read
     * @throws Refused if the source has findings or does not hold that moment
     * @throws NotWritten if the target or its record exists, or cannot be written
     */
    public Made to(long revision, Path source, boolean raw, Path target, Listener listener) throws IOException {
        return to(new NamedMoment.Revision(revision), revision, source, raw, target, listener);
    }

    /**
     * Like the other method.
     *
     * @param moment as it was named
     * @param revision its revision, as far as that is known before the source is proven
     */
    public Made to(NamedMoment moment, long revision, Path source, boolean raw, Path target, Listener listener)
            throws IOException {
        var file = source.toRealPath();
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        var beside = RecordBeside.of(file);
        removeLeftRecord(target);
        FileSource opened = () -> FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try (var made = NewFile.begin(target);
                var record = NewFile.begin(CutRecord.beside(target));
                var copy = SnapshotCopy.begin(
                        verifier,
                        opened,
                        new SnapshotCopy.Plan(raw, OptionalLong.of(revision), Optional.empty()),
                        made.channel(),
                        listener.reading())) {
            var proof = copy.proof();
            ProvenFile.requireGood(source, proof, raw ? Optional.empty() : beside.against(proof));
            var rows = proof.storedRows();
            // refuses what the file does not hold
            if (beside.span(source, proof).state(moment).revision() != revision) {
                throw new Refused(
                        "the record beside " + source + " has changed, so " + moment + " is another revision now",
                        "Repeat the command.");
            }
            try {
                var written = copy.finish();
                var content = proven(copy, made, revision, listener.proving(written.bytes()));
                var cut = new CutRecord(
                        String.valueOf(target.getFileName()),
                        clock.instant().truncatedTo(ChronoUnit.SECONDS),
                        new StoredFile(written.bytes() + content.footer().length, content.sha256()),
                        content.content(),
                        beside.history(proof)
                                .map(history -> History.cut(history, revision))
                                .orElse(null),
                        content.checked(),
                        new CutRecord.CutFrom(String.valueOf(source.getFileName()), rows.revision()));
                seal(made.channel(), written.bytes(), content.footer());
                record.write(cut.json());
                NewFile.publish(made, record);
                return new Made(cut, written.addedLeases());
            } catch (SnapshotCopy.Different different) {
                throw faulty(String.valueOf(different.getMessage()));
            } catch (TooManyLeases many) {
                throw new Refused(
                        source + " cannot be rewound: its keys have " + many.getMessage(),
                        "No otherix has as many. Use the snapshot as it is.",
                        many);
            }
        }
    }

    /**
     * Removes the record that a killed rewind has named when it could not name its file any more: a record of this file
     * where the file itself is there only unfinished. No other record is touched.
     */
    private static void removeLeftRecord(Path target) {
        CutRecord.of(target)
                .filter(left -> left.name().equals(String.valueOf(target.getFileName())))
                .filter(left -> Files.notExists(target, LinkOption.NOFOLLOW_LINKS))
                .filter(left -> NewFile.isLeft(target, left.file().sizeBytes()))
                .ifPresent(left -> NewFile.remove(CutRecord.beside(target)));
    }

    /** What the verification says about the new file. */
    private record Result(byte[] footer, String sha256, Content content, Checked checked) {}

    private Result proven(SnapshotCopy copy, NewFile made, long revision, LongConsumer progress) throws IOException {
        // without its footer yet: the verification computes it
        try (var proof = copy.prove(verifier, made::reopen, progress)) {
            if (!proof.good()) {
                throw faulty(proof.findings().getFirst().message());
            }
            var facts = proof.facts().orElseThrow();
            if (facts.revision() != revision) {
                throw faulty("its revision is " + facts.revision() + " instead of " + revision);
            }
            return new Result(
                    HexFormat.of().parseHex(proof.sha256()),
                    proof.sealedSha256(),
                    new Content(
                            facts.revision(),
                            facts.compactRevision(),
                            facts.liveKeys(),
                            facts.totalEntries(),
                            facts.hashKv()),
                    new Checked(proof.activeCa().fingerprint(), checks(proof)));
        }
    }

    private Verification checks(SnapshotProof proof) {
        var at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Verification(
                Verification.State.VERIFIED,
                at,
                List.of(
                        new Verification.Check(Verification.Check.FOOTER, Verification.Outcome.PASSED, null, at, null),
                        passed(Verification.Check.PAGES, proof.pages(), at),
                        passed(Verification.Check.ROWS, proof.rows(), at)));
    }

    private static Verification.Check passed(String name, CheckResult result, Instant at) {
        return new Verification.Check(name, result.outcome(), result.detail(), at, null);
    }

    private static Refused faulty(String problem) {
        return new Refused(
                "the new snapshot is not what it has to be, and got no name: " + problem,
                "This is a fault of this program or of the disk. Try another directory for --out, and report it.");
    }

    private static void seal(FileChannel channel, long at, byte[] sha256) {
        var footer = ByteBuffer.wrap(sha256);
        try {
            while (footer.hasRemaining()) {
                channel.write(footer, at + footer.position());
            }
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }
}
