package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.EtcdStatus;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.task.End;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What there was, and what a restored member must be therefore.
 *
 * @param snapshot taken by the service
 * @param keys at that moment
 * @param earlier the keys some transactions before it
 * @param earlierRevision of that moment
 * @param status of the member a little later: more was written that no snapshot holds
 */
record LostState(
        Path snapshot,
        OtherixKeyspace.Seeded seeded,
        Map<String, JsonNode> keys,
        Map<String, JsonNode> earlier,
        long earlierRevision,
        EtcdStatus status) {

    private static final long BUMP = 1_000_000_000L;

    /** Writes a control plane into a member, and has the service take a snapshot of it; then it changes again. */
    static LostState of(EtcdProcess member, Path directory) {
        return of(member, directory, (_, _) -> {});
    }

    /**
     * As the other method.
     *
     * @param taken is called when the snapshot is there, while the service still runs
     */
    static LostState of(
            EtcdProcess member, Path directory, BiConsumer<RunningService, SnapshotName> taken, String... settings) {
        var seeded = OtherixKeyspace.seed(member.clientUrl(), 50);
        var keys = keys(member);
        var earlierRevision = seeded.revision() - 2;
        var earlier = keys(member, "--rev=" + earlierRevision);
        Path snapshot;
        try (var service = RunningService.start(member.clientUrl(), directory, settings)) {
            var task = service.bean(BackupJob.class)
                    .request(new RunRequest(new SnapshotRequest(null, "test", null, Instant.now()), true, false));
            var made = End.of(task).result();
            taken.accept(service, made.name());
            snapshot = service.bean(SnapshotDirectory.class)
                    .path()
                    .resolve(made.name().toString());
        }
        member.etcdctl("put", "/otherix/vms/after", "made after the snapshot");
        member.etcdctl(
                "del",
                keys.keySet().stream()
                        .filter(key -> key.startsWith("/otherix/users/"))
                        .findFirst()
                        .orElseThrow());
        return new LostState(snapshot, seeded, keys, earlier, earlierRevision, member.status());
    }

    /** Every key of a member with all that etcd tells about it: value, revisions, version and lease. */
    private static Map<String, JsonNode> keys(EtcdProcess member, String... options) {
        var question = Stream.concat(Stream.of("get", "", "--from-key", "-w", "json"), Arrays.stream(options));
        var all = JsonMapper.shared()
                .readTree(member.etcdctl(question.toArray(String[]::new)))
                .get("kvs");
        return StreamSupport.stream(all.spliterator(), false)
                .collect(Collectors.toMap(row -> new String(row.get("key").binaryValue()), row -> row));
    }

    /** Fails unless the member holds the snapshot's state, as a cluster that nobody can take for the old one. */
    void assertRestored(EtcdProcess member) {
        assertRestored(member, keys);
    }

    /** As the other method, for the moment before. */
    void assertRestoredToTheMomentBefore(EtcdProcess member) {
        assertThat(earlier).isNotEqualTo(keys);
        assertRestored(member, earlier);
    }

    private void assertRestored(EtcdProcess member, Map<String, JsonNode> expected) {
        assertThat(keys(member)).isEqualTo(expected);
        var now = member.status();
        assertThat(now.clusterId()).as("the cluster's id").isNotEqualTo(status.clusterId());
        assertThat(now.revision()).as("the revision").isEqualTo(seeded.revision() + BUMP);
        assertThatThrownBy(() -> member.etcdctl("watch", "--prefix", "/otherix/", "--rev=" + status.revision()))
                .as("a watcher of the old cluster")
                .hasMessageContaining("required revision has been compacted");
    }

    /** Fails unless each member takes writes that all of them have afterwards. */
    static void assertTakesWrites(List<EtcdProcess> members) {
        for (var member : members) {
            var key = "/otherix/nodes/after-the-restore-" + member.name();
            member.etcdctl("put", key, "new");
            assertThat(members)
                    .allSatisfy(reader -> assertThat(reader.etcdctl("get", key, "--print-value-only"))
                            .isEqualTo("new\n"));
        }
        assertThat(members)
                .extracting(LostState::hash)
                .as("the hash of the key space")
                .hasSize(members.size())
                .containsOnly(hash(members.getFirst()));
    }

    private static long hash(EtcdProcess member) {
        return JsonMapper.shared()
                .readTree(member.etcdctl("endpoint", "hashkv", "-w", "json"))
                .get(0)
                .get("HashKV")
                .get("hash")
                .asLong();
    }
}
