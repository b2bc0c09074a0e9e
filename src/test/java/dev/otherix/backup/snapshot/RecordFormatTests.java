package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class RecordFormatTests {

    private static final JsonMapper PLAIN = new JsonMapper();

    private static final String FULL = """
            { "name": "otherix-20260606T031500Z.db", "created_at": "2026-06-06T03:15:00Z", "size_bytes": 1052704,
              "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              "revision": 812, "compact_revision": 640, "live_keys": 301, "total_entries": 377, "hash_kv": 2860105012,
              "etcd": { "version": "3.6.14", "cluster_id": "cdf818194e3a8c32", "member_id": "8e9e05c52164694d", "role": "leader",
                        "consistency": "linearizable", "consistency_reason": null, "alarms": ["NOSPACE"],
                        "members": [ { "id": "8e9e05c52164694d", "name": "otherix-0", "peer_urls": ["https://10.0.0.1:2380"],
                                       "is_learner": false } ] },
              "trigger": "request",
              "requests": [ { "by": "deploy", "reason": "before 1.4 upgrade", "request_id": "r-1", "at": "2026-06-06T03:14:59.250Z" } ],
              "history": { "from_revision": 640, "from_time": "2026-06-06T02:10:00Z",
                           "marks": [ [ "2026-06-06T02:10:00Z", 640 ], [ "2026-06-06T03:15:00.250Z", 812 ] ] },
              "lineage": "otherix-20260101T000000Z.db",
              "pinned": true, "kept_because": ["newest", "pinned"], "ca_fingerprint": "sha256:00ff",
              "verification": { "state": "verified", "checked_at": "2026-06-06T03:15:02Z",
                                "checks": [ { "name": "footer", "outcome": "passed", "detail": null,
                                              "checked_at": "2026-06-06T03:15:01Z", "seconds": 0.25 } ] },
              "copies": [ { "target": "s3", "key": "backups/ca-00ff/8e9e05c52164694d/otherix-20260606T031500Z.db.gz.age",
                            "copied_at": "2026-06-06T03:15:07Z", "size_bytes": 180224,
                            "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                            "version_id": "v1", "checked_at": null, "state": "copied" } ],
              "drill": { "finished_at": "2026-06-06T03:20:05Z", "outcome": "failed", "seconds": 4.125,
                         "etcd_version": "3.6.14", "detail": "etcd ended" } }
            """;

    private static Snapshot full() {
        var name = Sample.name("20260606T031500Z");
        return new Snapshot(
                name,
                name.second(),
                new StoredFile(1052704, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                new Content(812L, 640L, 301L, 377L, 2860105012L),
                new Origin(
                        new MemberFacts(
                                "3.6.14",
                                "cdf818194e3a8c32",
                                "8e9e05c52164694d",
                                MemberFacts.Role.LEADER,
                                Consistency.LINEARIZABLE,
                                null,
                                List.of("NOSPACE"),
                                List.of(new MemberFacts.Member(
                                        "8e9e05c52164694d", "otherix-0", List.of("https://10.0.0.1:2380"), false))),
                        Trigger.REQUEST,
                        List.of(new SnapshotRequest(
                                "deploy", "before 1.4 upgrade", "r-1", Instant.parse("2026-06-06T03:14:59.250Z"))),
                        new History(
                                640,
                                Instant.parse("2026-06-06T02:10:00Z"),
                                Marks.of(List.of(
                                        new Mark(Instant.parse("2026-06-06T02:10:00Z"), 640),
                                        new Mark(Instant.parse("2026-06-06T03:15:00.250Z"), 812))))),
                new Keeping(Sample.name("20260101T000000Z"), true, List.of(KeptBecause.NEWEST, KeptBecause.PINNED)),
                new Checked(
                        "sha256:00ff",
                        new Verification(
                                Verification.State.VERIFIED,
                                Instant.parse("2026-06-06T03:15:02Z"),
                                List.of(new Verification.Check(
                                        "footer",
                                        Verification.Outcome.PASSED,
                                        null,
                                        Instant.parse("2026-06-06T03:15:01Z"),
                                        0.25)))),
                List.of(new Copy(
                        Target.S3,
                        "backups/ca-00ff/8e9e05c52164694d/otherix-20260606T031500Z.db.gz.age",
                        Instant.parse("2026-06-06T03:15:07Z"),
                        180224,
                        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                        "v1",
                        null,
                        Copy.State.COPIED)),
                new Drilled(
                        Instant.parse("2026-06-06T03:20:05Z"), Drilled.Outcome.FAILED, 4.125, "3.6.14", "etcd ended"));
    }

    @Test
    void aRecordIsTheObjectThatTheDesignShows() {
        var written = PLAIN.readTree(RecordFormat.write(full()));
        assertThat(written).isEqualTo(PLAIN.readTree(FULL));
        assertThat(written.propertyNames())
                .containsExactlyElementsOf(PLAIN.readTree(FULL).propertyNames());
    }

    @Test
    void aRecordIsReadBackAsItWas() {
        assertThat(RecordFormat.read(RecordFormat.write(full()))).isEqualTo(full());
        assertThat(read(FULL)).isEqualTo(full());
        var unrecorded = Snapshot.unrecorded(Sample.minute(1), 5, Sample.minute(0));
        assertThat(RecordFormat.read(RecordFormat.write(unrecorded))).isEqualTo(unrecorded);
    }

    @Test
    void absentFactsAreNullAndNeverLeftOut() {
        var written = PLAIN.readTree(RecordFormat.write(Snapshot.unrecorded(Sample.minute(1), 5, Sample.minute(0))));
        assertThat(written.propertyNames())
                .containsExactlyElementsOf(PLAIN.readTree(FULL).propertyNames());
        for (var absent : List.of(
                "sha256",
                "revision",
                "compact_revision",
                "live_keys",
                "total_entries",
                "hash_kv",
                "etcd",
                "trigger",
                "history",
                "ca_fingerprint")) {
            assertThat(written.get(absent).isNull()).as(absent).isTrue();
        }
        assertThat(written.at("/verification/checked_at").isNull()).isTrue();
    }

    @Test
    void theWordsAreThoseOfTheDesign() {
        assertThat(words(Trigger.values())).containsExactly("schedule", "startup", "request");
        assertThat(words(KeptBecause.values()))
                .containsExactly(
                        "newest",
                        "within",
                        "requested",
                        "pinned",
                        "latest",
                        "latest_linearizable",
                        "lineage",
                        "shrunk",
                        "damaged_record",
                        "not_offsite");
        assertThat(words(MemberFacts.Role.values())).containsExactly("leader", "follower", "learner");
        assertThat(words(Consistency.values())).containsExactly("linearizable", "local");
        assertThat(words(Consistency.Reason.values())).containsExactly("no_quorum", "learner", "timeout");
        assertThat(words(Verification.Outcome.values())).containsExactly("passed", "failed", "inconclusive", "skipped");
        assertThat(words(Verification.State.values())).containsExactly("verified", "unverified", "failed");
    }

    private static List<String> words(Object[] values) {
        return Stream.of(values)
                .map(value -> PLAIN.valueToTree(value).asString())
                .toList();
    }

    @Test
    void aRecordOf01HasNoHistory() {
        var earlier = (ObjectNode) PLAIN.readTree(FULL);
        earlier.remove("history");

        assertThat(read(earlier.toString()).history()).isNull();
    }

    @Test
    void keysOfALaterVersionAreTolerated() {
        var later = (ObjectNode) PLAIN.readTree(FULL);
        later.putObject("signature").put("by", "somebody");
        ((ObjectNode) later.get("etcd")).put("zone", "a");
        ((ObjectNode) later.at("/verification/checks/0")).put("took", 3);
        assertThat(read(later.toString())).isEqualTo(full());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256",
                "revision",
                "compact_revision",
                "live_keys",
                "total_entries",
                "hash_kv",
                "etcd",
                "trigger",
                "ca_fingerprint"
            })
    void aFactThatAnEarlierVersionDidNotRecordIsAbsent(String key) {
        var earlier = (ObjectNode) PLAIN.readTree(FULL);
        earlier.remove(key);
        assertThat(PLAIN.readTree(RecordFormat.write(read(earlier.toString())))
                        .get(key)
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/name",
                "/created_at",
                "/size_bytes",
                "/requests",
                "/lineage",
                "/pinned",
                "/kept_because",
                "/verification",
                "/verification/state",
                "/verification/checks",
                "/verification/checks/0/name",
                "/verification/checks/0/outcome",
                "/requests/0/at",
                "/etcd/version",
                "/etcd/cluster_id",
                "/etcd/member_id",
                "/etcd/consistency",
                "/etcd/alarms",
                "/etcd/members/0/id",
                "/etcd/members/0/name",
                "/etcd/members/0/peer_urls",
                "/etcd/members/0/is_learner"
            })
    void aRecordWithoutAMandatoryFieldIsDamaged(String pointer) {
        assertDamaged(with(pointer, null));
        assertDamaged(with(pointer, PLAIN.nullNode()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/name | 5",
                "/name | \"../../x\"",
                "/name | {}",
                "/created_at | \"yesterday\"",
                "/created_at | \"\"",
                "/created_at | true",
                "/size_bytes | \"1052704\"",
                "/size_bytes | 1052704.5",
                "/size_bytes | true",
                "/size_bytes | []",
                "/size_bytes | \"\"",
                "/revision | \"812\"",
                "/revision | 812.9",
                "/pinned | \"true\"",
                "/pinned | 1",
                "/pinned | \"\"",
                "/sha256 | 5",
                "/sha256 | 5.5",
                "/sha256 | true",
                "/sha256 | {}",
                "/trigger | 0",
                "/trigger | \"REQUEST\"",
                "/trigger | \"nobody\"",
                "/trigger | \"\"",
                "/kept_because | \"newest\"",
                "/kept_because | [null]",
                "/kept_because | [0]",
                "/kept_because | {}",
                "/requests | {}",
                "/requests | [null]",
                "/requests | [5]",
                "/etcd | []",
                "/etcd | \"\"",
                "/etcd/role | 1",
                "/etcd/alarms | [null]",
                "/etcd/members | {}",
                "/etcd/members | [null]",
                "/verification | \"verified\"",
                "/verification/state | \"Verified\"",
                "/verification/state | 0",
                "/verification/checks | [null]"
            })
    void aFieldOfAnotherTypeIsDamage(String pointer, String value) {
        assertDamaged(with(pointer, PLAIN.readTree(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "1e400", "1e999999999", "NaN", "0x10"})
    void aNumberThatIsNoSizeIsDamage(String number) {
        assertDamaged(FULL.replace("1052704", number));
    }

    @Test
    void aNumberOfAMillionDigitsIsDamage() {
        assertDamaged(FULL.replace("1052704", "1".repeat(1_000_000)));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource
    void whatIsNoObjectOrMoreThanOneIsDamaged(String text) {
        assertDamaged(text);
    }

    static Stream<String> whatIsNoObjectOrMoreThanOneIsDamaged() {
        return Stream.of(
                "",
                " ",
                "\n",
                "null",
                "true",
                "5",
                "\"text\"",
                "[]",
                "[{}]",
                "{}",
                "{",
                "}",
                "\0".repeat(4096),
                "SQLite format 3\0",
                "\ufeff",
                FULL.substring(0, FULL.length() / 2),
                FULL + FULL,
                FULL + "x",
                FULL.replace("\"pinned\": true", "\"pinned\": true, \"pinned\": false"));
    }

    @Test
    void everyTruncatedRecordIsDamaged() {
        var bytes = RecordFormat.write(full());
        for (int length = 0; length < bytes.length; length++) {
            assertDamaged(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({"[,]", "{\"a\":,}"})
    void nestingWithoutEndIsDamage(String open, String close) {
        int depth = 200_000;
        var deep = open.repeat(depth) + (open.equals("[") ? "" : "1") + close.repeat(depth);
        assertDamaged(deep);
        assertDamaged(FULL.replace("\"NOSPACE\"", deep));
        assertDamaged("{\"unknown\":" + deep + "," + FULL.strip().substring(1));
    }

    private static String with(String pointer, JsonNode value) {
        var record = PLAIN.readTree(FULL);
        var cut = pointer.lastIndexOf('/');
        var parent = cut == 0 ? record : record.at(pointer.substring(0, cut));
        var key = pointer.substring(cut + 1);
        assertThat(parent.has(key)).as("the pointer fits the record").isTrue();
        assertThat(parent).isNotInstanceOf(ArrayNode.class);
        if (value == null) {
            ((ObjectNode) parent).remove(key);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
        return record.toString();
    }

    private static Snapshot read(String json) {
        return RecordFormat.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertDamaged(String json) {
        assertThatExceptionOfType(RecordFormat.DamagedRecord.class).isThrownBy(() -> read(json));
    }
}
