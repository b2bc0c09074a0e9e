package dev.otherix.backup.offsite;

import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateFile;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A directory of snapshots and the parts that copy it, put together as the service does, stepped by a test. */
public final class Scene implements AutoCloseable {

    /** The identity is {@code AGE-SECRET-KEY-...} only in the tests that decrypt. */
    static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    static final String CA = "sha256:" + "0123456789abcdef".repeat(4);
    static final String MEMBER = "8e9e05c52164694d";

    public final SettableClock clock = new SettableClock("2026-06-10T12:00:00Z");
    final Nanos nanos = new Nanos();
    final List<SnapshotName> doubted = new CopyOnWriteArrayList<>();
    public final Turns turns = new Turns();
    private final SnapshotDirectory directory;
    private final StateNotes notes;
    final List<SnapshotName> pruned = new CopyOnWriteArrayList<>();
    final Superfluous superfluous = new Superfluous();
    /** Of all snapshots; null: each is the first of its own. */
    @Nullable
    SnapshotName lineage;
    /** Nothing is removed, unless a test wants it. */
    CopyRetentionProperties retention = new CopyRetentionProperties(0, null, 0, 0, 0, 0, false, null);

    private @Nullable Offsite offsite;

    public Scene(Path path) {
        this(SnapshotDirectory.open(path, 0L));
    }

    public Scene(SnapshotDirectory directory) {
        this.directory = directory;
        this.notes = new StateNotes(directory.state(), before(directory), new Loud());
    }

    private static Remembered before(SnapshotDirectory directory) {
        return directory.state().read();
    }

    public SnapshotDirectory directory() {
        return directory;
    }

    public StateNotes notes() {
        return notes;
    }

    static OffsiteProperties settings(@Nullable String cluster) {
        return new OffsiteProperties(
                cluster,
                List.of(RECIPIENT),
                null,
                OffsiteProperties.Encryption.AGE,
                "backups",
                7,
                (DataSize) null,
                Duration.ofHours(24),
                null);
    }

    /** With files that travel beside each copy. */
    static OffsiteProperties including(String recipient, Path... files) {
        var usual = settings(null);
        return new OffsiteProperties(
                usual.cluster(),
                List.of(recipient),
                null,
                usual.encryption(),
                usual.prefix(),
                usual.keepUncopied(),
                usual.rateLimit(),
                usual.checkInterval(),
                List.of(files).stream().map(Path::toString).toList());
    }

    /** The copies begin when the result is ticked. */
    Offsite copyingTo(OffsiteProperties settings, ObjectStore... stores) {
        return copyingTo(settings, LockProperties.NONE, stores);
    }

    /** The same, with copies that are locked. */
    Offsite copyingTo(OffsiteProperties common, LockProperties lock, ObjectStore... stores) {
        var settings = new OffsiteSettings(common, lock);
        var aging = new Aging(retention, Duration.ofHours(6), superfluous, (_, copies) -> pruned.addAll(copies));
        offsite = new Assembly(settings, directory, notes, doubted::add, new TaskList(), aging, clock)
                .of(List.of(stores), turns, nanos, new Random(1));
        return offsite;
    }

    /** Copies without encryption, in the folder of a {@link StoredSample}. @param rate bytes per second; 0 = off */
    public PlainCopies plain(long rate, ObjectStore... stores) {
        var usual = settings(null);
        return copyingTo(
                        new OffsiteProperties(
                                usual.cluster(),
                                null,
                                null,
                                OffsiteProperties.Encryption.NONE,
                                "otherix-etcd-backup",
                                usual.keepUncopied(),
                                rate == 0 ? null : DataSize.ofBytes(rate),
                                usual.checkInterval(),
                                null),
                        stores)
                .plainCopies();
    }

    Snapshot taken(Instant at) {
        return taken(at, 4096, CA);
    }

    /** Takes a snapshot that has this content. */
    public Snapshot taken(Instant at, byte[] content) {
        return taken(at, content, Content.UNREAD, CA);
    }

    /** Takes a snapshot of bytes that do not compress. */
    Snapshot taken(Instant at, int bytes, @Nullable String ca) {
        var content = new byte[bytes];
        new Random(at.getEpochSecond()).nextBytes(content);
        return taken(at, content, new Content(812L, 640L, 301L, 377L, 2_860_105_012L), ca);
    }

    private Snapshot taken(Instant at, byte[] content, Content facts, @Nullable String ca) {
        var name = new SnapshotName(at);
        var sha = new Sha256();
        sha.add(content, 0, content.length);
        try (var pending = directory.begin(name)) {
            pending.write(ByteBuffer.wrap(content));
            return pending.commit(new Snapshot(
                    name,
                    at,
                    new StoredFile(content.length, sha.hex()),
                    facts,
                    new Origin(
                            new MemberFacts(
                                    "3.6.14",
                                    "cdf818194e3a8c32",
                                    MEMBER,
                                    MemberFacts.Role.LEADER,
                                    Consistency.LINEARIZABLE,
                                    null,
                                    List.of(),
                                    List.of()),
                            Trigger.SCHEDULE,
                            List.of(),
                            null),
                    new Keeping(lineage == null ? name : lineage, false, List.of()),
                    new Checked(ca, new Verification(Verification.State.VERIFIED, at, List.of())),
                    List.of()));
        }
    }

    public Snapshot now(Snapshot snapshot) {
        return directory.find(snapshot.name()).orElseThrow();
    }

    @Override
    public void close() {
        if (offsite != null) {
            offsite.close();
        }
        notes.close();
        directory.close();
    }

    private static final class Loud implements StateNotes.Trouble {

        @Override
        public void refused(DirectoryFailure why) {
            throw why;
        }

        @Override
        public void unforeseen(Throwable why) {
            throw new AssertionError(why);
        }

        @Override
        public void late(StateFile file, Duration limit) {
            throw new AssertionError(file + " was not written in " + limit);
        }
    }
}
