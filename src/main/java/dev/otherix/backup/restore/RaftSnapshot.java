package dev.otherix.backup.restore;

import dev.otherix.backup.verify.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The file with which Raft begins: who the members are, and etcd's old store with the same members, which etcd 3.5 and
 * earlier read (etcd: server/etcdserver/api/snap/{snapshotter.go,snappb}, raftpb/raft.proto, api/v2store/store.go).
 */
final class RaftSnapshot {

    private static final String NODE = ",\"ExpireTime\":\"0001-01-01T00:00:00Z\",\"Value\":";

    private RaftSnapshot() {}

    /** Its file in {@code member/snap}. */
    static String name(InitialCluster cluster) {
        return String.format(
                Locale.ROOT,
                "%016x-%016x.snap",
                WriteAheadLog.TERM,
                cluster.members().size());
    }

    /** Its content. */
    static byte[] content(InitialCluster cluster) {
        var snapshot = new MessageWriter()
                .bytes(1, store(cluster).getBytes(StandardCharsets.UTF_8))
                .bytes(
                        2,
                        new MessageWriter()
                                .bytes(1, WriteAheadLog.configuration(cluster))
                                .number(2, cluster.members().size())
                                .number(3, WriteAheadLog.TERM)
                                .toBytes())
                .toBytes();
        var crc = new CRC32C();
        crc.update(snapshot);
        return new MessageWriter().number(1, crc.getValue()).bytes(2, snapshot).toBytes();
    }

    private static String store(InitialCluster cluster) {
        var members = new ArrayList<String>();
        for (var member : cluster.members()) {
            var index = members.size() + 1;
            var path = "/0/members/" + member.hexId();
            members.add(GoJson.text(member.hexId()) + ":"
                    + directory(
                            path,
                            index,
                            "\"raftAttributes\":"
                                    + node(
                                            path + "/raftAttributes",
                                            index,
                                            GoJson.text(GoJson.raftAttributes(member)),
                                            "null")));
        }
        var root = directory(
                "/",
                0,
                "\"0\":"
                        + directory("/0", 0, "\"members\":" + directory("/0/members", 1, String.join(",", members)))
                        + ",\"1\":" + directory("/1", 0, ""));
        // without the history of its watchers, which nobody has
        return "{\"Root\":" + root + ",\"CurrentIndex\":" + members.size() + ",\"CurrentVersion\":2}";
    }

    private static String directory(String path, int index, String children) {
        return node(path, index, "\"\"", "{" + children + "}");
    }

    private static String node(String path, int index, String value, String children) {
        return "{\"Path\":" + GoJson.text(path) + ",\"CreatedIndex\":" + index + ",\"ModifiedIndex\":" + index + NODE
                + value + ",\"Children\":" + children + "}";
    }
}
