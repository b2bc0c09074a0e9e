package dev.otherix.backup.verify;

import dev.otherix.backup.verify.Message.Kind;
import dev.otherix.backup.verify.Message.Kind.Plain;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the rows of the buckets beside {@code key} as etcd reads them when it starts (etcd: server/storage/schema,
 * read by server/lease, server/auth, etcdserver/api/v3alarm and etcdserver/api/membership): a row that keeps etcd from
 * starting, or makes it crash when it is read, is a finding; a damaged row that a restore rewrites is a remark.
 */
final class StoreRows {

    static final String LEASE = "lease";

    static final String META = "meta";
    private static final String CLUSTER = "cluster";
    private static final int INTEGER = 8;
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_NAME = 64;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Kind.Nested LEASE_MESSAGE =
            new Kind.Nested(Map.of(1, Plain.NUMBER, 2, Plain.NUMBER, 3, Plain.NUMBER));
    private static final Kind.Nested ALARM = new Kind.Nested(Map.of(1, Plain.NUMBER, 2, Plain.NUMBER));
    private static final Kind.Nested USER = new Kind.Nested(
            Map.of(1, Plain.BYTES, 2, Plain.BYTES, 3, Plain.TEXT, 4, new Kind.Nested(Map.of(1, Plain.NUMBER))));
    private static final Kind.Nested ROLE = new Kind.Nested(
            Map.of(1, Plain.BYTES, 2, new Kind.Nested(Map.of(1, Plain.NUMBER, 2, Plain.BYTES, 3, Plain.BYTES))));

    private final BoltFile file;
    private final StoreVersions versions;
    private final boolean membersMatter;
    private final Findings findings = new Findings();
    private final List<Remark> remarks = new ArrayList<>();
    private String bucket = "";
    private long leases;
    private long unreadableMembers;
    private long userWithoutText = -1;

    /**
     * @param line the etcd that must start with it
     * @param membersMatter whether the rows of the members have to be right
     */
    StoreRows(BoltFile file, EtcdVersion line, boolean membersMatter) {
        this.file = file;
        this.membersMatter = membersMatter;
        this.versions = new StoreVersions(line, findings, remarks);
    }

    /** The rows that follow are in this bucket. */
    void enter(String name) {
        bucket = name;
    }

    /** A row of a bucket other than {@code key}. */
    void see(long page, int index, long key, int keyLength, long valueLength) {
        var value = key + keyLength;
        switch (bucket) {
            case LEASE -> {
                leases++;
                require(Message.is(LEASE_MESSAGE, file, value, valueLength), "lease_row", page, index, "is no lease");
            }
            case "alarm" -> require(Message.is(ALARM, file, key, keyLength), "alarm_row", page, index, "is no alarm");
            case "authUsers" -> user(page, index, value, valueLength);
            case "authRoles" ->
                require(Message.is(ROLE, file, value, valueLength), "auth_role", page, index, "is no role");
            case "auth" ->
                require(
                        valueLength >= INTEGER || !name(key, keyLength).equals("authRevision"),
                        "auth_revision",
                        page,
                        index,
                        "is the revision of auth, in " + valueLength + " bytes instead of " + INTEGER);
            case "members" -> member(page, index, key, keyLength, valueLength);
            case "members_removed" -> memberId(page, index, key, keyLength);
            case CLUSTER -> cluster(page, key, keyLength, valueLength);
            case META -> meta(page, key, keyLength, valueLength);
            default -> {}
        }
    }

    private void require(boolean readable, String code, long page, int index, String what) {
        if (!readable) {
            findings.add(
                    code,
                    page,
                    bucket,
                    () -> "element " + index + " of page " + page + " in bucket " + bucket + " " + what);
        }
    }

    private void user(long page, int index, long value, long valueLength) {
        require(Message.is(USER, file, value, valueLength), "auth_user", page, index, "is no user");
        if (userWithoutText < 0 && !Message.hasTexts(USER, file, value, valueLength)) {
            userWithoutText = page;
        }
    }

    private void member(long page, int index, long key, int keyLength, long valueLength) {
        memberId(page, index, key, keyLength);
        if (!isObject(key + keyLength, valueLength) && unreadableMembers++ == 0) {
            remarks.add(new Remark(
                    "member_row",
                    "the description of a member in bucket members cannot be read; a restore writes the members anew"));
        }
    }

    private boolean isObject(long at, long length) {
        try {
            return length <= LONGEST && JSON.readTree(text(at, length)).isObject();
        } catch (JacksonException unreadable) {
            return false;
        }
    }

    private void memberId(long page, int index, long key, int keyLength) {
        require(
                !membersMatter
                        || keyLength <= LONGEST_NAME && name(key, keyLength).matches("0*[0-9a-fA-F]{1,16}"),
                "member_id",
                page,
                index,
                "has no member's id for its key");
    }

    private void cluster(long page, long key, int keyLength, long valueLength) {
        switch (name(key, keyLength)) {
            case "clusterVersion" -> versions.cluster(page, valueText(key + keyLength, valueLength));
            case "downgrade" -> versions.downgrade(page, valueText(key + keyLength, valueLength));
            default -> {}
        }
    }

    private void meta(long page, long key, int keyLength, long valueLength) {
        var name = name(key, keyLength);
        switch (name) {
            case "storageVersion" -> versions.storage(page, valueText(key + keyLength, valueLength));
            case "consistent_index", "term" -> {
                if (valueLength < INTEGER) {
                    remarks.add(new Remark(
                            "meta_row",
                            name + " in bucket meta has " + valueLength + " bytes instead of " + INTEGER
                                    + "; a restore writes it anew"));
                }
            }
            default -> {}
        }
    }

    /** All rows have been seen. */
    void end() {
        if (userWithoutText < 0) {
            return;
        }
        var page = userWithoutText;
        var text = "a user in bucket authUsers has a role whose name is no UTF-8, and etcd 3.7 does not start with it";
        var needed = versions.needed();
        if (needed != null && needed.newerThan(EtcdVersion.V3_6)) {
            findings.add("auth_user", page, "authUsers", () -> text);
        } else {
            remarks.add(new Remark("auth_user", text + "; etcd 3.6 does"));
        }
    }

    private String name(long at, int length) {
        return length > LONGEST_NAME ? "" : text(at, length);
    }

    private String valueText(long at, long length) {
        return text(at, Math.min(length, LONGEST));
    }

    private String text(long at, long length) {
        return file.text(at, Math.toIntExact(length));
    }

    /** The id in a lease's row, not its key, because etcd uses this one. */
    static long leaseId(BoltFile file, long at, long length) {
        return Message.number(1, file, at, length);
    }

    /** Rows of bucket {@code lease}. */
    long leases() {
        return leases;
    }

    StoreVersions versions() {
        return versions;
    }

    Findings findings() {
        return findings;
    }

    List<Remark> remarks() {
        return remarks;
    }
}
