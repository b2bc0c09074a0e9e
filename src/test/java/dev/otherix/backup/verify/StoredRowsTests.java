package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of real snapshots, read one by one. */
class StoredRowsTests {

    /** So few keys at a time that the rows of the largest file are read several times. */
    private static final int SEVERAL_TIMES = 100;

    @TempDir
    private Path dir;

    static List<String> lines() throws IOException {
        return FixtureTests.lines();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theStateAtTheLastRevisionIsWhatEtcdSays(String line) throws IOException {
        var expected = line.split("\t", -1);
        var file = FixtureTests.unpack(dir, expected[0]);
        var options = SnapshotVerifier.Options.rowsOnly(!Boolean.parseBoolean(expected[2]));
        for (var verifier : List.of(new SnapshotVerifier(), new SnapshotVerifier(16, BoltFile.Access.READ))) {
            try (var proof = verifier.verify(file, options, bytes -> {})) {
                assertThat(proof.facts()).as("not asked for").isEmpty();
                var rows = proof.storedRows();
                assertThat(rows.revision()).hasToString(expected[12]);
                assertThat(rows.compactRevision()).hasToString(expected[13]);
                var shares = new ArrayList<Double>();
                try (var live = rows.liveAt(rows.revision(), shares::add)) {
                    assertThat(live.hashKv(rows.compactRevision())).hasToString(expected[14]);
                    assertThat(count(live.rows())).isEqualTo(live.count());
                }
                assertThat(shares).isNotEmpty().allMatch(share -> share >= 0 && share <= 1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theStateAtEachRevisionIsThatOfReplayingTheRows(String line) throws IOException {
        var expected = line.split("\t", -1);
        var file = FixtureTests.unpack(dir, expected[0]);
        var options = SnapshotVerifier.Options.rowsOnly(!Boolean.parseBoolean(expected[2]));
        try (var proof = new SnapshotVerifier(SEVERAL_TIMES, BoltFile.Access.MAP).verify(file, options, bytes -> {})) {
            var rows = proof.storedRows();
            var from = Math.max(1, rows.compactRevision());
            var step = Math.max(1, (rows.revision() - from) / 20);
            for (var at = rows.revision(); at >= from; at -= step) {
                var replayed = new TreeMap<String, Long>();
                var all = rows.forward();
                while (all.next() && all.revision() <= at) {
                    var key = new String(all.key(), StandardCharsets.ISO_8859_1);
                    if (all.deletion()) {
                        replayed.remove(key);
                    } else {
                        replayed.put(key, all.ordinal());
                    }
                }
                try (var live = rows.liveAt(at, _ -> {})) {
                    assertThat(live.count()).as("at %d", at).isEqualTo(replayed.size());
                    var found = new TreeMap<String, Long>();
                    var each = live.rows();
                    while (each.next()) {
                        found.put(new String(each.key(), StandardCharsets.ISO_8859_1), each.ordinal());
                    }
                    assertThat(found).as("at %d", at).isEqualTo(replayed);
                }
            }
            assertThatThrownBy(() -> rows.liveAt(rows.revision() + 1, _ -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void backwardIsForwardFromItsEnd() throws IOException {
        var file = FixtureTests.unpack(dir, "a34-mid.db");
        try (var proof = new SnapshotVerifier().verify(file, SnapshotVerifier.Options.rowsOnly(false), bytes -> {})) {
            var forward = all(proof.storedRows().forward());
            var backward = all(proof.storedRows().backward());
            assertThat(forward).hasSizeGreaterThan(100).doesNotHaveDuplicates();
            assertThat(backward).isEqualTo(forward.reversed());
        }
    }

    private static long count(RowCursor rows) {
        long count = 0;
        while (rows.next()) {
            count++;
        }
        return count;
    }

    private static List<String> all(RowCursor rows) {
        var found = new ArrayList<String>();
        while (rows.next()) {
            found.add(rows.ordinal() + " " + rows.revision() + "_" + rows.sub() + " " + rows.deletion() + " "
                    + new String(rows.key(), StandardCharsets.UTF_8) + " " + rows.version());
        }
        return found;
    }
}
