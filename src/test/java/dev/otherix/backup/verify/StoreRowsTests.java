package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import dev.otherix.backup.verify.bolt.Finding;
import io.etcd.jetcd.api.KeyValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rows beside the history of the keys: what is a finding, and what is a remark. That etcd thinks alike:
 * {@link StartIT}.
 */
class StoreRowsTests {

    private static final EtcdVersion V3_5 = new EtcdVersion(3, 5, 0);
    private static final EtcdVersion V3_6 = new EtcdVersion(3, 6, 0);

    @TempDir
    private Path dir;

    static List<StoreDamage> damages() {
        return StoreDamage.all().stream()
                .filter(damage -> !damage.name().startsWith("no bucket"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamageHasItsFindingAndTheFactsStay(StoreDamage damage) throws IOException {
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db"));
        for (var bucket : List.of("lease", "authUsers")) {
            store.put(bucket, "a", new byte[0]);
        }
        damage.change().accept(store);
        var file = store.write(dir.resolve("damaged.db"));
        try (var proof = verify(file, V3_6)) {
            assertThat(proof.findings())
                    .extracting(Finding::code)
                    .containsOnly(damage.expected("3.6").stream().toArray(String[]::new));
            assertThat(proof.good()).isEqualTo(damage.expected("3.6").isEmpty());
            assertThat(proof.rows().passed()).isEqualTo(proof.good());
            var historyIsWhole =
                    !Set.of("revision_key", "row_message", "compact_revision").contains(damage.code());
            assertThat(proof.facts().isPresent()).as("facts of the keys").isEqualTo(historyIsWhole);
        }
    }

    @Test
    void theDetailsNameEachAlarmAndItsMember() throws IOException {
        // AlarmMember: memberID 300, alarm 1; memberID 5, alarm 2; memberID 1, alarm 7
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db"));
        for (var row : List.of("08ac021001", "08051002", "08011007")) {
            store.put("alarm", HexFormat.of().parseHex(row), new byte[0]);
        }
        assertThat(details(store).alarms())
                .containsExactlyInAnyOrder(
                        new FileDetails.Alarm("12c", "NOSPACE"),
                        new FileDetails.Alarm("5", "CORRUPT"),
                        new FileDetails.Alarm("1", "alarm 7"));
    }

    @Test
    void aFindingNamesItsBucket() throws IOException {
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db"))
                .put("members", "nobody", "{}")
                .put("alarm", "junk", "");
        try (var proof = verify(store.write(dir.resolve("damaged.db")), V3_6)) {
            assertThat(proof.findings()).extracting(Finding::bucket).containsExactly("alarm", "members");
            assertThat(proof.findings().getFirst().message())
                    .matches("element 0 of page \\d+ in bucket alarm is no alarm");
            assertThat(proof.rows().detail()).endsWith("(and 1 more)");
        }
    }

    @ParameterizedTest
    @CsvSource({"3.5.16, ''", "3.6.14, cluster_version", "3.7.3, cluster_version", "3.8.0, cluster_version", "9.9.1, ''"
    })
    void versionsAreJudgedByTheEtcdThatHasToStart(String etcd, String code) throws IOException {
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db")).put("cluster", "clusterVersion", "9.9.0");
        var file = store.write(dir.resolve("new.db"));
        try (var proof = verify(file, EtcdVersion.parse(etcd).orElseThrow())) {
            assertThat(proof.findings())
                    .extracting(Finding::code)
                    .containsExactly(code.isEmpty() ? new String[0] : new String[] {code});
        }
    }

    @Test
    void theLineThatAFileNeedsIsTheLaterOfBothVersions() throws IOException {
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db")).put("cluster", "clusterVersion", "3.6.0");
        assertThat(details(store).neededLine()).isEqualTo("3.6");
        store.put("meta", "storageVersion", "3.7.0");
        assertThat(details(store).neededLine()).isEqualTo("3.7");
        assertThat(details(store).storageVersion()).isEqualTo("3.7.0");
        store.put("cluster", "clusterVersion", "3.7.1");
        try (var proof = verify(store.write(dir.resolve("patched.db")), EtcdVersion.NEWEST)) {
            assertThat(proof.findings())
                    .extracting(Finding::message)
                    .containsExactly("the cluster version is 3.7.1; etcd 3.7 and earlier do not start with it");
        }
    }

    @Test
    void whatARestoreWritesAnewIsARemark() throws IOException {
        var store = StoredBuckets.of(FixtureTests.unpack(dir, "k.db"))
                .put("meta", "consistent_index", new byte[3])
                .put("meta", "storageVersion", "junk")
                .put("cluster", "downgrade", "{\"target-version\":\"3.5.0\",\"enabled\":true}")
                .put("authUsers", "a", new byte[] {26, 1, (byte) 0xff})
                .setAll("members", new byte[] {'{'});
        try (var proof = verify(store.write(dir.resolve("remarks.db")), EtcdVersion.NEWEST)) {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.remarks())
                    .extracting(Remark::code)
                    .containsExactlyInAnyOrder("meta_row", "storage_version", "downgrade", "auth_user", "member_row");
            assertThat(proof.remarks())
                    .extracting(Remark::message)
                    .anyMatch(text -> text.contains("downgrade to 3.5, and a restore brings"));
        }
    }

    @Test
    void liveKeysWithoutTheirLeaseAreCounted() throws IOException {
        var rows = new ArrayList<Entry>(List.of(
                leased(2, "kept", 7), leased(3, "lost", 8), leased(4, "lost too", 9), leased(5, "written again", 9)));
        rows.add(Row.put(6, "written again", 5, 2).entry());
        rows.add(leased(7, "deleted", 9));
        rows.add(Row.deletion(8, "deleted").entry());
        var leases = List.of(lease(7, 7));
        for (var verifier : List.of(new SnapshotVerifier(), new SnapshotVerifier(4, BoltFile.Access.READ))) {
            try (var proof = verifier.verify(store(rows, leases), SnapshotVerifier.Options.PLAIN, _ -> {})) {
                assertThat(proof.good()).isTrue();
                assertThat(proof.remarks())
                        .containsExactly(new Remark(
                                "lease_missing",
                                "2 live keys have a lease that is not in the file; after a restore they never expire"));
            }
        }
        try (var proof = verify(store(rows, List.of(lease(7, 7), lease(8, 8), lease(9, 9))), V3_5)) {
            assertThat(proof.remarks()).isEmpty();
        }
    }

    @Test
    void eachOfManyLeasesIsFound() throws IOException {
        int many = 100_000;
        var rows = IntStream.range(0, many)
                .mapToObj(i -> leased(i + 2, "key-" + i, 1L << 40 | (long) i << 8))
                .toList();
        Iterable<Entry> leases = () -> LongStream.range(0, many - 1)
                .mapToObj(i -> lease(1L << 40 | i << 8, 1L << 40 | i << 8))
                .iterator();
        try (var proof = verify(store(rows, leases), V3_6)) {
            assertThat(proof.remarks())
                    .extracting(Remark::message)
                    .singleElement()
                    .asString()
                    .startsWith("1 live keys");
        }
    }

    @Test
    void whereMoreLeasesAreThanAreRememberedThisIsSaid() throws IOException {
        Iterable<Entry> leases = () -> new Iterator<>() {
            private long next = 1;

            @Override
            public boolean hasNext() {
                return next <= LeaseIds.MOST + 1;
            }

            @Override
            public Entry next() {
                return lease(next, next++);
            }
        };
        try (var proof = verify(store(List.of(leased(2, "a", 5)), leases), V3_6)) {
            assertThat(proof.good()).isTrue();
            assertThat(proof.remarks()).extracting(Remark::code).containsExactly("leases_not_compared");
        }
    }

    private FileDetails details(StoredBuckets store) throws IOException {
        Files.deleteIfExists(dir.resolve("details.db"));
        var file = store.write(dir.resolve("details.db"));
        try (var proof = new SnapshotVerifier().verify(file, new SnapshotVerifier.Options(false, 0, true), _ -> {})) {
            assertThat(proof.findings()).isEmpty();
            return proof.details().orElseThrow();
        }
    }

    private Path store(List<Entry> rows, Iterable<Entry> leases) throws IOException {
        var buckets = new TreeMap<String, Iterable<Entry>>();
        buckets.put("key", rows);
        buckets.put("lease", leases);
        buckets.put("meta", List.of());
        Files.deleteIfExists(dir.resolve("store.db"));
        return BoltWriter.snapshot(dir.resolve("store.db"), 4096, buckets);
    }

    private static Entry leased(long revision, String key, long lease) {
        var row = KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setCreateRevision(revision)
                .setModRevision(revision)
                .setVersion(1)
                .setLease(lease);
        return new Entry(Rows.key(revision, 0), row.build().toByteArray());
    }

    /** Protobuf Lease: 1 ID, 2 TTL. */
    private static Entry lease(long key, long id) {
        var value = UnknownFieldSet.newBuilder()
                .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(id).build())
                .addField(2, UnknownFieldSet.Field.newBuilder().addVarint(60).build())
                .build()
                .toByteArray();
        return new Entry(ByteBuffer.allocate(8).putLong(key).array(), value);
    }

    private static SnapshotProof verify(Path file, EtcdVersion line) throws IOException {
        return new SnapshotVerifier()
                .verify(file, new SnapshotVerifier.Options(false, 0, SnapshotVerifier.Facts.PLAIN, line), _ -> {});
    }
}
