package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.snapshot.History;
import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.Moment;
import dev.otherix.backup.snapshot.Restorable;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.task.End;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which revision a real member had when, in records and across restarts of the service. */
@NeedsEtcd
@Timeout(120)
class MarksIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock("2026-06-06T03:15:00Z");

    @TempDir
    private Path temporary;

    @Test
    void aRecordHasTheMarksOfItsFileAndTheyTurnATimeIntoARevision() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var service = service(etcd)) {
            var answers = writes(etcd, service, 5);

            var snapshot = run(service);
            var history = history(snapshot);

            assertThat(history.fromRevision()).isOne();
            assertThat(history.fromTime())
                    .as("nobody knows when the store began")
                    .isNull();
            assertThat(history.marks().oldestFirst())
                    .startsWith(answers.toArray(Mark[]::new))
                    .endsWith(new Mark(snapshot.createdAt(), snapshot.revision()));
            var third = answers.get(2);
            assertThat(history.marks().at(third.time().plusSeconds(20)))
                    .isEqualTo(new Moment.Found(third, Duration.ofSeconds(20)));
            assertThat(service.status().directory().restorable())
                    .isEqualTo(new Restorable(answers.getFirst().time(), snapshot.createdAt(), List.of()));
        }
    }

    @Test
    void aCompactionMovesTheBeginOfTheNextFile() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var service = service(etcd)) {
            var answers = writes(etcd, service, 5);
            var compacted = answers.get(2);
            etcd.etcdctl("compact", "--physical", Long.toString(compacted.revision()));

            var history = history(run(service));

            assertThat(history.fromRevision()).isEqualTo(compacted.revision());
            assertThat(history.fromTime()).isEqualTo(compacted.time());
            assertThat(history.marks().oldestFirst()).startsWith(compacted, answers.get(3), answers.get(4));
        }
    }

    @Test
    void aFileThatEndsBeforeTheNextBeginsLeavesAHole() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var service = service(etcd)) {
            var first = writes(etcd, service, 3);
            var older = run(service);
            var second = writes(etcd, service, 9);
            etcd.etcdctl("compact", "--physical", Long.toString(second.get(6).revision()));

            var newer = run(service);

            assertThat(service.status().directory().restorable())
                    .isEqualTo(new Restorable(
                            second.get(6).time(),
                            newer.createdAt(),
                            List.of(new Restorable.Hole(
                                    older.createdAt(), second.get(6).time()))));
            assertThat(history(older).marks().oldestFirst()).startsWith(first.getFirst());
        }
    }

    @Test
    void marksSurviveARestartAndGoOnInTheNextRecord() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            List<Mark> before;
            Snapshot older;
            try (var service = service(etcd)) {
                before = writes(etcd, service, 3);
                older = run(service);
                before.addAll(writes(etcd, service, 2));
                awaitNoted(service, before.getLast());
                assertThat(service.directory().state().read().noted().marks().oldestFirst())
                        .as("what is in a record is not noted any more")
                        .containsExactlyElementsOf(before.subList(3, 5));
            }
            try (var service = service(etcd)) {
                var after = writes(etcd, service, 2);

                var marks = history(run(service)).marks().oldestFirst();

                assertThat(marks).containsAll(before).containsAll(after);
                assertThat(service.status().directory().restorable().since())
                        .isEqualTo(before.getFirst().time());
                assertThat(history(older).marks().oldestFirst()).doesNotContain(before.getLast());
            }
        }
    }

    @Test
    void marksOfAnotherClusterAreDropped() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var service = service(etcd)) {
            awaitNoted(service, writes(etcd, service, 3).getLast());
        }
        try (var other = EtcdProcess.start(EtcdHomes.first());
                var service = service(other)) {
            // it has a higher revision than the first one ever had
            for (var i = 0; i < 9; i++) {
                other.etcdctl("put", "k", "v" + i);
            }
            var answers = writes(other, service, 2);

            awaitNoted(service, answers.getLast());
            assertThat(service.directory().state().read().noted().marks().oldestFirst())
                    .isEqualTo(answers);
            assertThat(history(run(service)).marks().oldestFirst()).startsWith(answers.toArray(Mark[]::new));
        }
    }

    private PartsOn service(EtcdProcess etcd) {
        var path = temporary.resolve("snapshots");
        return PartsOn.directory(
                SnapshotDirectory.open(path, 0L),
                new BackupProperties(false, Duration.ofHours(6), path, 7),
                etcd.clientUrl(),
                clock);
    }

    /** A change each minute, and the member's answer after it. */
    private List<Mark> writes(EtcdProcess etcd, PartsOn service, int count) {
        var answers = new ArrayList<Mark>();
        for (var i = 0; i < count; i++) {
            clock.advance(MINUTE);
            etcd.etcdctl("put", "/otherix/k", "v" + i);
            service.watch().look();
            answers.add(new Mark(
                    clock.instant(),
                    service.watch().last().orElseThrow().status().orElseThrow().revision()));
        }
        return answers;
    }

    private Snapshot run(PartsOn service) {
        clock.advance(MINUTE);
        var request = new SnapshotRequest(null, null, null, Instant.EPOCH);
        var task = End.of(service.job().request(new RunRequest(request, true, false)));
        assertThat(task.succeeded()).isTrue();
        return service.directory().latest().orElseThrow();
    }

    private static History history(Snapshot snapshot) {
        assertThat(snapshot.history()).isNotNull();
        return snapshot.history();
    }

    private static void awaitNoted(PartsOn service, Mark mark) {
        await().until(() -> {
            var noted = service.directory().state().read().noted();
            return noted != null && noted.marks().oldestFirst().contains(mark);
        });
    }
}
