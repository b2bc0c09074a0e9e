package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTests {

    @TempDir
    private Path dir;

    private String file(String name, WrittenPast past) throws IOException {
        return past.write(dir.resolve(name)).toString();
    }

    @Test
    void aFileHasTheHistoryOfALaterOneOfItsMember() throws IOException {
        var earlier = file("a.db", WrittenPast.small());
        var later = file("b.db", WrittenPast.small().at(16).delete("/otherix/users/ann"));
        same(15, earlier, later, earlier);
        same(15, later, earlier);
        same(16, later, later);
    }

    @Test
    void anotherCompactionIsNoDifference() throws IOException {
        var whole = file("a.db", past(second -> second.put("/b", "1")));
        var compacted = file(
                "b.db",
                new WrittenPast()
                        .compacted(3)
                        .at(2)
                        .put("/a", "1")
                        .at(3)
                        .put("/b", "1")
                        .at(4)
                        .put("/c", "1"));
        same(4, whole, compacted);
    }

    /** Three transactions, the second one as it is given. */
    private static WrittenPast past(UnaryOperator<WrittenPast> second) {
        return second.apply(new WrittenPast().compacted(1).at(2).put("/a", "1").at(3))
                .at(4)
                .put("/c", "1");
    }

    @Test
    void theFirstChangeThatDiffersIsNamed() throws IOException {
        var one = file("a.db", past(second -> second.put("/b", "1")));
        var value = file("b.db", past(second -> second.put("/b", "2")));
        var lease = file("c.db", past(second -> second.put("/b", "1", 7)));
        var deleted = file("d.db", past(second -> second.delete("/a")));
        var missing = file(
                "e.db",
                new WrittenPast().compacted(1).at(2).put("/a", "1").at(4).put("/c", "1"));
        diverged(3, "/b", one, value);
        diverged(3, "/b", one, lease);
        diverged(3, "/b", one, deleted);
        diverged(3, "/b", one, missing);
        diverged(3, "/b", missing, one);
        diverged(3, "/b", one, one, one, value);
    }

    @Test
    void aDifferenceThatACompactionHasRemovedIsFoundInTheState() throws IOException {
        var one = file(
                "a.db",
                new WrittenPast()
                        .compacted(3)
                        .at(2)
                        .put("/a", "1")
                        .at(3)
                        .put("/b", "1")
                        .at(4)
                        .put("/c", "1"));
        var other = file(
                "b.db",
                new WrittenPast()
                        .compacted(1)
                        .at(2)
                        .put("/a", "2")
                        .at(3)
                        .put("/b", "1")
                        .at(4)
                        .put("/c", "1"));
        var run = OfflineScene.run("compare", one, other, "-o", "json");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.json().toString())
                .isEqualTo("{\"result\":\"diverged\",\"revision\":3,\"key\":null,"
                        + "\"reason\":\"a compaction has removed the first difference\"}");
    }

    @Test
    void filesThatShareNoRevisionAreNotComparable() throws IOException {
        var before = file("a.db", WrittenPast.small());
        var after = file("b.db", new WrittenPast().compacted(1015).at(15).put("/otherix/users/ann", "ann 2"));
        var run = OfflineScene.run("compare", before, after);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("not comparable: no revision is in all: " + after + " holds revision 1015")
                .contains(before + " holds revision 10 (time not known) to 15");
        assertThat(OfflineScene.run("compare", before, after, "-o", "json")
                        .json()
                        .get("result")
                        .asString())
                .isEqualTo("not_comparable");
    }

    @Test
    void oneFileIsNotEnoughAndOneThatCannotBeReadIsTwo() throws IOException {
        var one = file("a.db", WrittenPast.small());
        assertThat(OfflineScene.run("compare", one).exitCode()).isEqualTo(2);
        var run = OfflineScene.run("compare", one, dir.resolve("gone.db").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("gone.db: it does not exist");
    }

    private static void same(long revision, String... files) {
        var run = run(files);
        assertThat(run.err()).isEmpty();
        assertThat(run.json().toString())
                .isEqualTo("{\"result\":\"same\",\"revision\":" + revision + ",\"key\":null,\"reason\":null}");
        assertThat(run.exitCode()).isZero();
    }

    private static void diverged(long revision, String key, String... files) {
        var run = run(files);
        assertThat(run.json().toString())
                .isEqualTo("{\"result\":\"diverged\",\"revision\":" + revision + ",\"key\":\"" + key
                        + "\",\"reason\":null}");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    private static OfflineScene run(String... files) {
        var args = new ArrayList<>(List.of("compare", "-o", "json"));
        args.addAll(List.of(files));
        return OfflineScene.run(args.toArray(String[]::new));
    }
}
