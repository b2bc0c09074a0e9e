package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.history.UndoTransaction.Conflict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoTests {

    @TempDir
    private Path dir;

    private @Nullable ProvenFile file;

    @AfterEach
    void close() {
        if (file != null) {
            file.close();
        }
    }

    private static WrittenPast past() {
        return new WrittenPast().compacted(10).at(9).put("/a", "a 9").at(10).put("/b", "b 10");
    }

    @Test
    void anOverwriteADeletionAndACreationAreInverted() {
        var undo = revisions(past().at(11).put("/a", "a 11").delete("/b").put("/c", "c 11"), 11);
        assertThat(writes(undo, 11))
                .containsOnly(
                        Map.entry("/a", "mod 11: a 9"), Map.entry("/b", "absent: b 10"), Map.entry("/c", "mod 11: -"));
        assertThat(undo.transactions().getFirst().puts()).isEqualTo(2);
        assertThat(undo.transactions().getFirst().deletes()).isEqualTo(1);
        assertThat(undo.conflicts()).isEmpty();
    }

    @Test
    void theInversesComeNewestFirst() {
        var undo = between(
                past().at(11).put("/a", "x").at(12).put("/b", "x").at(13).put("/c", "x"), 10, 13);
        assertThat(undo.written().stream().map(UndoTransaction::revision)).containsExactly(13L, 12L, 11L);
    }

    @Test
    void aKeyThatThreeOfThemChangedIsWrittenOnceInTheNewest() {
        var undo = between(
                past().at(11)
                        .put("/a", "a 11")
                        .put("/b", "b 11")
                        .at(12)
                        .delete("/a")
                        .at(13)
                        .put("/a", "a 13"),
                10,
                13);
        assertThat(writes(undo, 13)).containsOnly(Map.entry("/a", "mod 13: a 9"));
        assertThat(writes(undo, 12)).as("it became empty").isEmpty();
        assertThat(writes(undo, 11)).containsOnly(Map.entry("/b", "mod 11: b 10"));
        assertThat(undo.written()).hasSize(2);
        assertThat(undo.transactions()).hasSize(3);
    }

    @Test
    void aKeyThatCameAndWentIsNotWritten() {
        var undo = between(past().at(11).put("/c", "c 11").at(12).delete("/c"), 10, 12);
        assertThat(undo.written()).isEmpty();
    }

    @Test
    void aKeyThatWasDeletedAndMadeAgainGetsItsOldValue() {
        var undo = between(past().at(11).delete("/a").at(12).put("/a", "new"), 10, 12);
        assertThat(writes(undo, 12)).containsOnly(Map.entry("/a", "mod 12: a 9"));
    }

    @Test
    void aLaterChangeThatIsNotChosenIsAConflictWithItsNewestRevision() {
        var past = past().at(11)
                .put("/a", "a 11")
                .put("/b", "b 11")
                .at(12)
                .put("/a", "a 12")
                .at(13)
                .delete("/a");
        var undo = revisions(past, 11);
        assertThat(undo.conflicts()).containsExactly(new Conflict(Key.of("/a"), 13));
        var skipped = undo.withoutConflicts();
        assertThat(skipped.conflicts()).isEmpty();
        assertThat(skipped.written()).isEmpty();
        assertThat(skipped.transactions().getFirst().leftOut()).contains("has a conflict");
        assertThat(skipped.transactions().getFirst().conflicts()).hasSize(1);
    }

    @Test
    void aChangeInBetweenThatIsNotChosenIsAConflictOfTheOlderOneAlone() {
        var past =
                past().at(11).put("/a", "a 11").at(12).put("/a", "a 12").at(13).put("/a", "a 13");
        var undo = revisions(past, 11, 13);
        assertThat(undo.transactions().get(0).conflicts()).isEmpty();
        assertThat(undo.transactions().get(1).conflicts()).containsExactly(new Conflict(Key.of("/a"), 12));
        assertThat(undo.withoutConflicts().written())
                .as("the newer one shares the key")
                .isEmpty();
    }

    @Test
    void whatSharesAKeyWithAConflictIsLeftOutTooAndTheRestIsNot() {
        var past = past().at(11)
                .put("/a", "x")
                .put("/c", "x")
                .at(12)
                .put("/c", "y")
                .put("/d", "y")
                .at(13)
                .put("/d", "z")
                .at(14)
                .put("/b", "z")
                .at(15)
                .put("/a", "other");
        var undo = between(past, 10, 14).withoutConflicts();
        assertThat(undo.transactions().stream()
                        .map(transaction -> transaction.revision() + " "
                                + transaction.leftOut().orElse("-")))
                .containsExactly(
                        "14 -",
                        "13 shares a key with revision 12, which is left out",
                        "12 shares a key with revision 11, which is left out",
                        "11 has a conflict");
        assertThat(writes(undo, 14)).containsOnly(Map.entry("/b", "mod 14: b 10"));
    }

    @Test
    void aKeyWithALeaseBeforeOrAfterwardsIsLeftOutAndListed() {
        var past = new WrittenPast()
                .compacted(10)
                .at(9)
                .put("/was", "x", 7)
                .at(10)
                .put("/no", "n 10")
                .at(11)
                .put("/was", "y")
                .put("/no", "n 11")
                .put("/is", "z", 8)
                .at(12)
                .delete("/is");
        var undo = revisions(past, 11);
        assertThat(undo.transactions().getFirst().leased()).containsExactlyInAnyOrder(Key.of("/was"), Key.of("/is"));
        assertThat(undo.conflicts()).as("what is not written has no conflict").isEmpty();
        assertThat(writes(undo, 11)).containsOnly(Map.entry("/no", "mod 11: n 10"));
    }

    @Test
    void jobsNumbersAndElectionsAreLeftOutUnlessTheyAreNamed() {
        var past = past().at(11)
                .put("/otherix/jobs/1", "x")
                .put("/a", "x")
                .at(12)
                .put("/otherix/seq/jobs", "x")
                .at(13)
                .put("/otherix/election/l", "x")
                .at(14)
                .put("/otherix/jobs2/1", "x");
        var undo = between(past, 10, 14);
        assertThat(undo.written().stream().map(UndoTransaction::revision)).containsExactly(14L);
        assertThat(undo.transactions().get(3).leftOut())
                .contains("changes keys below /otherix/jobs/, and --revision does not name it");
        assertThat(revisions(past, 11, 12).written()).hasSize(2);
    }

    @Test
    void aLeftOutTransactionThatChangedTheKeyAfterwardsIsAConflict() {
        var past = past().at(11).put("/a", "x").at(12).put("/a", "y").put("/otherix/jobs/1", "x");
        assertThat(between(past, 10, 12).conflicts()).containsExactly(new Conflict(Key.of("/a"), 12));
    }

    @Test
    void aPrefixChoosesTransactionsThatAreUndoneWhole() {
        var past = past().at(11).put("/a", "x").put("/b", "x").at(12).put("/c", "x");
        var undo = of(past, opened -> UndoChoice.between(10, 12, KeyChoice.below(List.of("/a"))));
        assertThat(undo.transactions()).hasSize(1);
        assertThat(writes(undo, 11)).containsOnlyKeys("/a", "/b");
    }

    @Test
    void aMembersLaterChangesAreConflicts() {
        var undo = between(past().at(11).put("/a", "x").at(12).put("/b", "x"), 10, 12)
                .changedSince(Map.of(Key.of("/a"), 20L));
        assertThat(undo.conflicts()).containsExactly(new Conflict(Key.of("/a"), 20));
        assertThat(undo.withoutConflicts().written().stream().map(UndoTransaction::revision))
                .containsExactly(12L);
        assertThat(undo.withoutUndone(Set.of(11L)).conflicts()).isEmpty();
    }

    @Test
    void whatALaterSnapshotShowsToBeUndoneIsLeftOutAndTheRestIsNot() {
        // 12 was undone in 13, and 11 not yet
        var past = past().at(11)
                .put("/a", "a 11")
                .put("/b", "b 11")
                .put("/d", "d 11")
                .at(12)
                .delete("/a")
                .put("/c", "c 12")
                .at(13)
                .put("/a", "a 9")
                .delete("/c");
        for (var named : List.of(true, false)) {
            var undo = named ? revisions(past, 11, 12) : between(past, 10, 12);
            assertThat(undo.conflicts()).isEmpty();
            assertThat(undo.transactions().getFirst().leftOut()).contains("is undone already");
            assertThat(undo.written()).hasSize(1);
            assertThat(writes(undo, 11)).containsOnly(Map.entry("/b", "mod 11: b 10"), Map.entry("/d", "mod 11: -"));
            assertThat(undo.undone().getFirst().writes())
                    .extracting(write -> write.key().shown() + " " + write.guard())
                    .containsExactlyInAnyOrder("/a 13", "/c 0");
        }
        var all = between(past, 10, 13);
        assertThat(all.conflicts()).isEmpty();
        assertThat(all.written().stream().map(UndoTransaction::revision))
                .as("the undo itself is not undone")
                .containsExactly(11L);
    }

    @Test
    void whatIsUndoneInPartOrWasChangedAgainIsAConflict() {
        var past = past().at(11).put("/a", "a 11").put("/b", "b 11").at(12).put("/a", "a 9");
        assertThat(revisions(past, 11).conflicts())
                .as("not by an undo, which is never split")
                .containsExactly(new Conflict(Key.of("/a"), 12));
        var undone = revisions(past().at(11).put("/a", "a 11").at(12).put("/a", "a 9"), 11);
        assertThat(undone.written()).isEmpty();
        var again = undone.changedSince(Map.of(Key.of("/a"), 20L));
        assertThat(again.conflicts()).containsExactly(new Conflict(Key.of("/a"), 20));
        assertThat(again.withoutConflicts().transactions().getFirst().leftOut()).contains("has a conflict");
    }

    @Test
    void aRevisionAtOrBelowTheCompactOneIsRefused() {
        refused(
                () -> revisions(past().at(11).put("/a", "x"), 10, 11),
                "does not hold the change of revision 10",
                "older");
        refused(() -> revisions(past().at(11).put("/a", "x"), 12), "does not hold the change of revision 12", "newer");
    }

    @Test
    void aRevisionWithoutSuchATransactionIsRefused() {
        refused(
                () -> revisions(past().at(12).put("/a", "x").at(14).put("/a", "y"), 13, 14),
                "has no transaction with revision 13",
                "history");
        refused(
                () -> of(
                        past().at(11).put("/a", "x"),
                        opened -> UndoChoice.of(
                                opened.span(), new TreeSet<>(Set.of(11L)), KeyChoice.below(List.of("/zz")))),
                "has no transaction with revision 11 that changes a key below --prefix",
                "history");
    }

    @Test
    void aChangeWhoseEarlierRowIsMissingIsRefused() {
        var past = past().at(11).put("/a", "x").at(12).delete("/ghost").at(13).put("/ghost", "y");
        refused(
                () -> between(past, 10, 13).requirePossible(),
                "has no row of /ghost from before revision 1",
                "Use an older snapshot");
        revisions(past, 13, 11).requirePossible();
        refused(
                () -> revisions(past.at(14).delete("/a").at(15).delete("/a"), 15)
                        .requirePossible(),
                "has no row of /a from before revision 15",
                "Use an older snapshot");
    }

    @Test
    void moreThanEtcdTakesInOneTransactionIsRefused() {
        var past = past().at(11);
        for (var i = 0; i < 128; i++) {
            past.put("/k" + i, "x");
        }
        revisions(past, 11).requirePossible();
        refused(
                () -> revisions(past.put("/k128", "x"), 11).requirePossible(),
                "the inverse of revision 11 has 129 operations",
                "Leave this revision out");
    }

    @Test
    void moreBytesThanEtcdTakesAreRefused() {
        var past = past().at(11).put("/big", "x".repeat(1_500_000)).at(12).put("/big", "y");
        revisions(past, 12).requirePossible();
        var larger = past().at(11).put("/big", "x".repeat(1_573_000)).at(12).put("/big", "y");
        refused(() -> revisions(larger, 12).requirePossible(), "1573", "Leave this revision out");
    }

    @Test
    void whatCannotBeWrittenDoesNotMatterWhereItIsLeftOut() {
        var past = past().at(11);
        for (var i = 0; i < 129; i++) {
            past.put("/k" + i, "x");
        }
        var undo = revisions(past.at(12).put("/k1", "y"), 11).withoutConflicts();
        undo.requirePossible();
        assertThat(undo.written()).isEmpty();
    }

    @Test
    void moreChangesThanFitIntoMemoryAreRefused() {
        var past = past();
        for (var i = 0; i < 110; i++) {
            past.at(11 + i);
            for (var j = 0; j < 1000; j++) {
                past.put("/k" + j, "x");
            }
        }
        refused(() -> between(past, 10, 120), "change more than 100000 keys", "Choose fewer");
        assertThat(revisions(past, 120).transactions()).hasSize(1);
    }

    private static void refused(Runnable asked, String message, String fix) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(asked::run)
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.fix()).contains(fix));
    }

    private Undo revisions(WrittenPast past, Long... revisions) {
        return of(past, opened -> UndoChoice.of(opened.span(), new TreeSet<>(Arrays.asList(revisions)), KeyChoice.ALL));
    }

    private Undo revisions(WrittenPast past, int... revisions) {
        return revisions(past, Arrays.stream(revisions).mapToObj(Long::valueOf).toArray(Long[]::new));
    }

    private Undo between(WrittenPast past, long after, long upTo) {
        return of(past, opened -> UndoChoice.between(after, upTo, KeyChoice.ALL));
    }

    private interface Chooser {
        UndoChoice choose(ProvenFile file);
    }

    private Undo of(WrittenPast past, Chooser chooser) {
        try {
            close();
            var opened = ProvenFile.open(
                    past.write(Files.createTempDirectory(dir, "").resolve("a.db")), false, _ -> {});
            file = opened;
            return Undo.of(opened, chooser.choose(opened));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What the inverse of a revision writes: its guard and its value. */
    private static Map<String, String> writes(Undo undo, long revision) {
        return undo.transactions().stream()
                .filter(transaction -> transaction.revision() == revision)
                .flatMap(transaction -> transaction.writes().stream())
                .collect(Collectors.toMap(
                        write -> write.key().shown(),
                        write -> (write.guard() == 0 ? "absent: " : "mod " + write.guard() + ": ")
                                + (write.put() ? new String(undo.value(write), StandardCharsets.UTF_8) : "-")));
    }
}
