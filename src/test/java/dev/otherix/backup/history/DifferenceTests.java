package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferenceTests {

    private static final int KEYS = 12;
    private static final long LAST = 60;
    private static final long COMPACTED = 8;

    @TempDir
    private Path dir;

    @Test
    void fewChangesAndManyGiveTheSameAsReplayingThem() throws IOException {
        for (var seed = 0; seed < 20; seed++) {
            var states = new ArrayList<TreeMap<String, String>>();
            var file = random(new Random(seed), states).write(dir.resolve(seed + ".db"));
            try (var proven = ProvenFile.open(file, false, _ -> {})) {
                var random = new Random(seed);
                for (var i = 0; i < 20; i++) {
                    var from = random.nextLong(COMPACTED, LAST + 1);
                    var to = random.nextLong(from, LAST + 1);
                    var expected = replayed(states.get((int) from), states.get((int) to));
                    for (var memory : new long[] {KeySorter.MEMORY, 300, -1}) {
                        assertThat(found(proven, from, to, memory))
                                .as("seed %d, from %d to %d, memory %d", seed, from, to, memory)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** @param states gets the state at each revision */
    private static WrittenPast random(Random random, List<TreeMap<String, String>> states) {
        var past = new WrittenPast().compacted(COMPACTED);
        var state = new TreeMap<String, String>();
        states.add(new TreeMap<>());
        states.add(new TreeMap<>());
        for (long revision = 2; revision <= LAST; revision++) {
            past.at(revision);
            var first = random.nextInt(KEYS);
            for (var i = 0; i <= random.nextInt(3); i++) {
                var key = "/k%02d".formatted((first + i) % KEYS);
                if (state.containsKey(key) && random.nextInt(3) == 0) {
                    past.delete(key);
                    state.remove(key);
                } else {
                    var value = "v" + random.nextInt(2);
                    past.put(key, value, value.equals("v1") ? 1 : 0);
                    state.put(key, value);
                }
            }
            states.add(new TreeMap<>(state));
        }
        return past;
    }

    private static List<String> replayed(TreeMap<String, String> was, TreeMap<String, String> is) {
        var all = new TreeMap<>(was);
        all.putAll(is);
        return all.keySet().stream()
                .filter(key -> !is.getOrDefault(key, "").equals(was.getOrDefault(key, "")))
                .map(key -> (was.containsKey(key) ? is.containsKey(key) ? "~" : "-" : "+") + key)
                .toList();
    }

    private List<String> found(ProvenFile file, long from, long to, long memory) {
        var found = new ArrayList<String>();
        try (var difference = Difference.between(file.rows(), from, to, KeyChoice.ALL, dir, _ -> {}, memory)) {
            var each = difference.each();
            for (var next = each.next(); next.isPresent(); next = each.next()) {
                found.add(next.get().kind().sign() + next.get().key().shown());
            }
        }
        return found;
    }
}
