package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads what only the command shows, beyond the check: etcdutl's hash, storage version, members and alarms. */
final class BucketFacts implements ElementVisitor {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST = 100;
    private static final int LONGEST = 1 << 16;

    private final ElementVisitor next;
    private final BoltFile file;
    private final FileCrc crc;
    private final List<FileDetails.Member> members = new ArrayList<>();
    private final List<FileDetails.Alarm> alarms = new ArrayList<>();
    private String bucket = "";
    private @Nullable String storageVersion;

    BucketFacts(BoltFile file, ElementVisitor next) {
        this.next = next;
        this.file = file;
        this.crc = new FileCrc(file);
    }

    @Override
    public void begin(int pageSize, long txid) {
        next.begin(pageSize, txid);
    }

    @Override
    public void bucket(Bucket entered) {
        bucket = entered.name();
        crc.add(entered.nameAt(), entered.nameLength());
        next.bucket(entered);
    }

    @Override
    public void element(long page, int index, long key, int keyLength, long valueLength) {
        crc.add(key, keyLength + valueLength);
        next.element(page, index, key, keyLength, valueLength);
        if (keyLength > LONGEST || valueLength > LONGEST) {
            return;
        }
        switch (bucket) {
            case "meta" -> {
                if (text(key, keyLength).equals("storageVersion")) {
                    storageVersion = text(key + keyLength, valueLength);
                }
            }
            case "members" -> member(text(key, keyLength), text(key + keyLength, valueLength));
            case "alarm" -> alarm(key, keyLength);
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

    long hash() {
        return crc.value();
    }

    @Nullable
    String storageVersion() {
        return storageVersion;
    }

    List<FileDetails.Member> members() {
        return members;
    }

    List<FileDetails.Alarm> alarms() {
        return alarms;
    }
}
