package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold for whatever is in a directory; the cases are generated, from fixed seeds. */
class RetentionInvariantTests {

    private static final int CASES = 3000;

    @Test
    void nothingIsLostNorDoubled() {
        forEachCase((policy, all, decision) -> {
            var decided = Stream.concat(decision.kept().stream(), decision.removed().stream())
                    .map(Snapshot::name)
                    .toList();
            assertThat(decided)
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().map(Snapshot::name).toList());
        });
    }

    @Test
    void whatIsAlwaysKeptIsNeverRemoved() {
        forEachCase((policy, recorded, decision) -> {
            var all = Stream.concat(decision.kept().stream(), decision.removed().stream())
                    .toList();
            assertThat(decision.removed())
                    .allMatch(Snapshot::verified)
                    .noneMatch(Snapshot::pinned)
                    .noneMatch(snapshot -> snapshot.keptBecause().contains(KeptBecause.DAMAGED_RECORD));
            for (var held : List.<Predicate<Snapshot>>of(
                    any -> true,
                    Snapshot::linearizable,
                    s -> s.trigger() == Trigger.REQUEST,
                    s -> s.trigger() != Trigger.REQUEST)) {
                newestVerified(all, held)
                        .forEach(newest -> assertThat(decision.removed()).doesNotContain(newest));
            }
            var pinned =
                    all.stream().filter(Snapshot::pinned).map(Snapshot::lineage).collect(Collectors.toSet());
            var earlier = all.stream()
                    .map(Snapshot::lineage)
                    .distinct()
                    .filter(lineage -> !lineage.equals(newestName(all).lineage()))
                    .flatMap(lineage -> newestVerified(all, s -> s.lineage().equals(lineage)))
                    .sorted(Comparator.comparing(Snapshot::name).reversed())
                    .toList();
            var lineages = earlier.stream().map(Snapshot::lineage).toList();
            var held = Stream.concat(
                    earlier.stream().limit(5), earlier.stream().filter(newest -> pinned.contains(newest.lineage())));
            assertThat(held).noneMatch(decision.removed()::contains);
            // where several have the most, one of them is enough: the others may be as many as there were rebuilt
            // clusters
            var most = earlier.stream()
                    .mapToLong(RetentionInvariantTests::keys)
                    .max()
                    .orElse(-1);
            assertThat(decision.kept().stream()
                            .filter(s -> s.verified() && lineages.contains(s.lineage()) && keys(s) >= most)
                            .filter(s -> earlier.stream()
                                    .anyMatch(newest -> newest.lineage().equals(s.lineage())
                                            && decision.kept().contains(newest))))
                    .matches(rich -> most < 0 || !rich.isEmpty(), "has the most live keys, in a lineage that is held");
        });
    }

    private static long keys(Snapshot snapshot) {
        return snapshot.liveKeys() == null ? -1 : snapshot.liveKeys();
    }

    private static Stream<Snapshot> newestVerified(List<Snapshot> all, Predicate<Snapshot> wanted) {
        return all.stream()
                .filter(Snapshot::verified)
                .filter(wanted)
                .max(Comparator.comparing(Snapshot::name))
                .stream();
    }

    private static Snapshot newestName(List<Snapshot> all) {
        return Collections.max(all, Comparator.comparing(Snapshot::name));
    }

    @Test
    void whatWasThereBeforeALossStaysWhateverComesAfterwards() {
        forEachCase((policy, all, decision) -> {
            var later = new ArrayList<>(decision.kept());
            var most = all.stream()
                    .map(Snapshot::liveKeys)
                    .filter(Objects::nonNull)
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            for (int minute = 100; minute < 110; minute++) {
                later.add(Sample.at(minute).keys(most).snapshot());
            }
            var shrunk = decision.kept().stream()
                    .filter(s -> s.keptBecause().contains(KeptBecause.SHRUNK))
                    .map(Snapshot::name)
                    .toList();
            assertThat(policy.decide(later).kept()).extracting(Snapshot::name).containsAll(shrunk);
        });
    }

    @Test
    void whatIsKeptIsExplainedAndDecidingAgainRemovesNothingMore() {
        forEachCase((policy, all, decision) -> {
            assertThat(decision.kept())
                    .allMatch(snapshot ->
                            !snapshot.verified() || !snapshot.keptBecause().isEmpty());
            assertThat(policy.decide(decision.kept()))
                    .isEqualTo(new RetentionPolicy.Decision(decision.kept(), List.of()));
        });
    }

    @Test
    void noMoreAreCountedThanConfiguredAndTheCountedOnesAreTheNewest() {
        forEachCase((policy, all, decision) -> {
            assertCounted(decision, KeptBecause.NEWEST, policy.scheduled(), all, s -> s.trigger() != Trigger.REQUEST);
            assertCounted(decision, KeptBecause.REQUESTED, policy.onDemand(), all, s -> s.trigger() == Trigger.REQUEST);
        });
    }

    @Test
    void everyScheduledOneThatIsYoungEnoughIsKeptAndNamedAndNoOther() {
        forEachCase((policy, all, decision) -> {
            var oldest = newestVerified(all, _ -> true)
                    .map(newest -> newest.createdAt().minus(policy.within()))
                    .findFirst();
            for (var snapshot : all) {
                var young = oldest.isPresent()
                        && !policy.within().isZero()
                        && snapshot.verified()
                        && snapshot.trigger() != Trigger.REQUEST
                        && !snapshot.createdAt().isBefore(oldest.get());
                assertThat(decision.kept().stream()
                                .filter(kept -> kept.keptBecause().contains(KeptBecause.WITHIN))
                                .map(Snapshot::name)
                                .anyMatch(snapshot.name()::equals))
                        .as(snapshot.name().toString())
                        .isEqualTo(young);
            }
        });
    }

    @Test
    void theNewestWithoutACopyIsAlwaysKeptAndNoMoreThanConfiguredBesides() {
        forEachCase((policy, all, decision) -> {
            var waiting = all.stream()
                    .filter(Snapshot::verified)
                    .filter(snapshot -> policy.uncopied().targets().stream()
                            .anyMatch(target -> snapshot.copy(target).isEmpty()))
                    .map(Snapshot::name)
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (int most = 0; most <= policy.uncopied().besides(); most++) {
                assertThat(policy.keepingUncopied(most).decide(all).kept().stream()
                                .filter(snapshot -> snapshot.keptBecause().contains(KeptBecause.NOT_OFFSITE))
                                .map(Snapshot::name))
                        .containsExactlyElementsOf(
                                waiting.stream().limit(1L + most).toList());
            }
        });
    }

    private static void assertCounted(
            RetentionPolicy.Decision decision,
            KeptBecause reason,
            int count,
            List<Snapshot> all,
            Predicate<Snapshot> wanted) {
        var newest = all.stream()
                .filter(Snapshot::verified)
                .filter(wanted)
                .map(Snapshot::name)
                .sorted(Comparator.reverseOrder())
                .limit(count == 0 ? Long.MAX_VALUE : count)
                .toList();
        assertThat(decision.kept().stream()
                        .filter(snapshot -> snapshot.keptBecause().contains(reason))
                        .map(Snapshot::name))
                .containsExactlyElementsOf(newest);
    }

    private static void forEachCase(Case check) {
        for (long seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var all = snapshots(random);
            var policy =
                    new RetentionPolicy(random.nextInt(6), random.nextInt(6), Duration.ofMinutes(random.nextInt(12)));
            try {
                check.holds(policy, all, policy.decide(all));
                var copied = copied(all, random);
                var waiting =
                        new RetentionPolicy(policy.scheduled(), policy.onDemand(), policy.within(), uncopied(random));
                check.holds(waiting, copied, waiting.decide(copied));
            } catch (AssertionError broken) {
                throw new AssertionError("case of seed " + seed, broken);
            }
        }
    }

    private static Uncopied uncopied(Random random) {
        return new Uncopied(
                Arrays.stream(Target.values())
                        .filter(_ -> random.nextInt(4) != 0)
                        .collect(Collectors.toSet()),
                random.nextInt(6));
    }

    private static List<Snapshot> copied(List<Snapshot> all, Random random) {
        return all.stream()
                .map(snapshot -> Arrays.stream(Target.values())
                        .filter(_ -> random.nextBoolean())
                        .map(target -> new Copy(
                                target,
                                "key",
                                snapshot.createdAt(),
                                1,
                                "00",
                                null,
                                null,
                                Copy.State.values()[random.nextInt(Copy.State.values().length)]))
                        .reduce(snapshot, Snapshot::with, (one, _) -> one))
                .toList();
    }

    private static List<Snapshot> snapshots(Random random) {
        var all = new ArrayList<Snapshot>();
        int lineage = 0;
        int keys = 500;
        for (int minute = 0, size = random.nextInt(1, 40); minute < size; minute++) {
            lineage = random.nextInt(8) == 0 ? minute : lineage;
            var sample = Sample.at(minute).ofLineage(lineage);
            sample = random.nextInt(3) == 0 ? sample.requested() : sample;
            sample = random.nextInt(3) == 0 ? sample.local() : sample;
            sample = random.nextInt(10) == 0 ? sample.pin() : sample;
            sample = random.nextInt(6) == 0 ? sample.unverified() : sample;
            sample =
                    random.nextInt(12) == 0 ? sample.held(KeptBecause.DAMAGED_RECORD) : sample.held(KeptBecause.NEWEST);
            sample = random.nextInt(12) == 0 ? sample.ofCluster(null) : sample;
            sample = random.nextInt(4) == 0 ? sample : sample.revision(random.nextInt(20) == 0 ? minute : 100 + minute);
            keys = random.nextInt(5) == 0 ? random.nextInt(1000) : keys;
            sample = random.nextInt(8) == 0 ? sample : sample.keys(keys);
            if (random.nextInt(5) != 0) {
                all.add(sample.snapshot());
            }
        }
        if (all.isEmpty()) {
            all.add(Sample.at(0).snapshot());
        }
        Collections.shuffle(all, random);
        return all;
    }

    private interface Case {
        void holds(RetentionPolicy policy, List<Snapshot> all, RetentionPolicy.Decision decision);
    }
}
