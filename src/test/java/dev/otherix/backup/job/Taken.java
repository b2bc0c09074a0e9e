package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Keeping;
import dev.otherix.backup.snapshot.Lineage;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** Puts snapshots of small content into a directory, as a run would have. */
public final class Taken {

    private static final byte[] CONTENT = new byte[64];

    private Taken() {}

    public static Snapshot good(SnapshotDirectory directory, Instant at) {
        return in(directory, at, Consistency.LINEARIZABLE, Trigger.SCHEDULE);
    }

    public static Snapshot local(SnapshotDirectory directory, Instant at) {
        return in(directory, at, Consistency.LOCAL, Trigger.SCHEDULE);
    }

    public static Snapshot requested(SnapshotDirectory directory, Instant at) {
        return in(directory, at, Consistency.LINEARIZABLE, Trigger.REQUEST);
    }

    /** The same snapshot, as if this content had been found in it and this become of the comparison of its CA. */
    public static Snapshot found(
            SnapshotDirectory directory, Snapshot taken, Content content, Verification.Outcome ca) {
        var checks = List.of(new Verification.Check(
                Verification.Check.CA, ca, ca == Verification.Outcome.PASSED ? null : "in words", null, null));
        directory.adopt(taken.withFound(
                taken.file(),
                content,
                new Checked(null, new Verification(Verification.State.VERIFIED, taken.createdAt(), checks))));
        return directory.find(taken.name()).orElseThrow();
    }

    private static Snapshot in(SnapshotDirectory directory, Instant at, Consistency consistency, Trigger trigger) {
        var name = directory.nextName(at);
        var member = new MemberFacts(
                "3.6.14",
                "cdf818194e3a8c32",
                "8e9e05c52164694d",
                MemberFacts.Role.LEADER,
                consistency,
                consistency == Consistency.LOCAL ? Consistency.Reason.NO_QUORUM : null,
                List.of(),
                List.of());
        var verified = new Verification(Verification.State.VERIFIED, at, List.of());
        try (var pending = directory.begin(name)) {
            pending.write(ByteBuffer.wrap(CONTENT));
            var snapshot = pending.commit(new Snapshot(
                    name,
                    at,
                    new StoredFile(CONTENT.length, "00"),
                    Content.UNREAD,
                    new Origin(member, trigger, List.of(), null),
                    new Keeping(Lineage.of(name, member.clusterId(), null, directory.list()), false, List.of()),
                    new Checked(null, verified),
                    List.of()));
            Files.setLastModifiedTime(directory.path().resolve(name.toString()), FileTime.from(at));
            return snapshot;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
