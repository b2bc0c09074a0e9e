package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The members and the alarms of a file, the first hundred of each. */
public final class ClusterRows {

    static final String ALARM = "alarm";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST = 100;
    private static final int LONGEST = 1 << 16;

    private final BoltFile file;
    private final List<FileDetails.Member> members = new ArrayList<>();
    private final List<FileDetails.Alarm> alarms = new ArrayList<>();

    ClusterRows(BoltFile file) {
        this.file = file;
    }

    /**
     * Reads those of a proven file.
     *
     * @throws IllegalStateException if its pages have findings
     */
    public static ClusterRows of(SnapshotProof proof) {
        var rows = new ClusterRows(proof.file());
        for (var bucket : List.of(NewCluster.MEMBERS, ALARM)) {
            proof.cursor(bucket)
                    .ifPresent(entries -> entries.forward((page, index, key, keyLength, valueLength) ->
                            rows.see(bucket, key, keyLength, valueLength)));
        }
        return rows;
    }

    /** An entry of any bucket. */
    void see(String bucket, long key, int keyLength, long valueLength) {
        if (keyLength > LONGEST || valueLength > LONGEST) {
            return;
        }
        switch (bucket) {
            case NewCluster.MEMBERS -> member(text(key, keyLength), text(key + keyLength, valueLength));
            case ALARM -> alarm(key, keyLength);
            default -> {}
        }
    }

    private void member(String id, String json) {
        if (members.size() == MOST) {
            return;
        }
        try {
            var member = JSON.readTree(json);
            var peerUrls = StreamSupport.stream(member.path("peerURLs").spliterator(), false)
                    .map(url -> url.asString(""))
                    .toList();
            members.add(new FileDetails.Member(
                    id,
                    member.path("name").asString(""),
                    peerUrls,
                    member.path("isLearner").asBoolean(false)));
        } catch (JacksonException unreadable) {
            members.add(new FileDetails.Member(id, "", List.of(), false));
        }
    }

    /** Protobuf AlarmMember: 1 memberID, 2 alarm (etcd: api/etcdserverpb/rpc.proto); both are numbers. */
    private void alarm(long at, int length) {
        if (alarms.size() < MOST) {
            var alarm = Message.number(2, file, at, length);
            alarms.add(new FileDetails.Alarm(
                    Long.toHexString(Message.number(1, file, at, length)),
                    switch ((int) alarm) {
                        case 1 -> "NOSPACE";
                        case 2 -> "CORRUPT";
                        default -> "alarm " + alarm;
                    }));
        }
    }

    private String text(long at, long length) {
        return file.text(at, Math.toIntExact(length));
    }

    public List<FileDetails.Member> members() {
        return List.copyOf(members);
    }

    public List<FileDetails.Alarm> alarms() {
        return List.copyOf(alarms);
    }
}
