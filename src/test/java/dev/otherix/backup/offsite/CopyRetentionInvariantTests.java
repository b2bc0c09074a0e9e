package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.CopyRetention.Decision;
import dev.otherix.backup.offsite.CopyRetention.Kept;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must hold for whatever lies in a store; the cases are generated, from fixed seeds. */
class CopyRetentionInvariantTests {

    private static final int CASES = 2000;

    private interface Case {
        void holds(CopyRetention rules, List<Snapshot> copies, Instant now, Decision decision);
    }

    private static void forEachCase(Case check) {
        for (long seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var copies = copies(random);
            var rules = rules(random);
            var now = now(copies, random);
            try {
                check.holds(rules, copies, now, rules.decide(copies, now));
            } catch (AssertionError broken) {
                throw new AssertionError("case of seed " + seed, broken);
            }
        }
    }

    private static CopyRetention rules(Random random) {
        return new CopyRetention(
                random.nextInt(4),
                random.nextBoolean() ? Duration.ZERO : Duration.ofHours(random.nextInt(200)),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                random.nextInt(4),
                Duration.ofHours(6));
    }

    /** Mostly the newest one's time; sometimes the clock is behind it. */
    private static Instant now(List<Snapshot> copies, Random random) {
        var sorted = copies.stream().map(Snapshot::createdAt).sorted().toList();
        return random.nextInt(4) == 0 ? sorted.get(random.nextInt(sorted.size())) : sorted.getLast();
    }

    private static List<Snapshot> copies(Random random) {
        var all = new ArrayList<Snapshot>();
        var at = Instant.parse("2026-01-20T00:00:00Z");
        var lineage = new SnapshotName(at);
        var step = Duration.ofMinutes(20 + random.nextInt(2000));
        for (int i = 0, size = random.nextInt(1, 60); i < size; i++) {
            at = at.plus(
                    switch (random.nextInt(25)) {
                        case 0 -> Duration.ofDays(random.nextInt(200));
                        case 1 -> Duration.ofDays(-random.nextInt(400));
                        default -> step;
                    });
            lineage = random.nextInt(12) == 0 ? new SnapshotName(at) : lineage;
            var sample = CopySample.at(at).ofLineage(lineage);
            sample = random.nextInt(3) == 0 ? sample.local() : sample;
            sample = random.nextInt(15) == 0 ? sample.pin() : sample;
            sample = random.nextInt(15) == 0 ? sample.unproven() : sample;
            sample = random.nextInt(4) == 0 ? sample : sample.keys(random.nextInt(1000));
            var copy = sample.snapshot();
            if (all.stream().noneMatch(one -> one.name().equals(copy.name()))) {
                all.add(copy);
            }
        }
        Collections.shuffle(all, random);
        return all;
    }

    private static Set<SnapshotName> names(Stream<Snapshot> copies) {
        return copies.map(Snapshot::name).collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<SnapshotName> kept(Decision decision) {
        return names(decision.kept().stream().map(Kept::snapshot));
    }

    @Test
    void nothingIsLostNorDoubledAndEachKeptOneSaysWhy() {
        forEachCase((rules, copies, now, decision) -> {
            assertThat(Stream.concat(decision.kept().stream().map(Kept::snapshot), decision.removed().stream())
                            .map(Snapshot::name))
                    .containsExactlyInAnyOrderElementsOf(
                            copies.stream().map(Snapshot::name).toList());
            assertThat(decision.kept()).noneMatch(kept -> kept.because().isEmpty());
        });
    }

    @Test
    void decidingAgainRemovesNothingMore() {
        forEachCase((rules, copies, now, decision) -> {
            var left = decision.kept().stream().map(Kept::snapshot).toList();
            assertThat(rules.decide(left, now).removed()).isEmpty();
        });
    }

    @Test
    void whatIsAlwaysKeptIsNeverRemoved() {
        forEachCase((rules, copies, now, decision) -> {
            assertThat(decision.removed())
                    .allMatch(Snapshot::verified)
                    .noneMatch(Snapshot::pinned)
                    .noneMatch(copy -> copy.createdAt().isAfter(now));
            var removed = names(decision.removed().stream());
            for (var always : List.<Predicate<Snapshot>>of(_ -> true, Snapshot::linearizable)) {
                for (var order : List.of(
                        Comparator.comparing(Snapshot::name),
                        Comparator.comparing(Snapshot::createdAt).thenComparing(Snapshot::name))) {
                    copies.stream()
                            .filter(copy -> copy.verified() && !copy.createdAt().isAfter(now))
                            .filter(always)
                            .max(order)
                            .ifPresent(newest -> assertThat(removed).doesNotContain(newest.name()));
                }
            }
            var all = Stream.concat(decision.kept().stream().map(Kept::snapshot), decision.removed().stream())
                    .sorted(Comparator.comparing(Snapshot::name).reversed())
                    .toList();
            var current = all.getFirst().lineage();
            var pinned =
                    all.stream().filter(Snapshot::pinned).map(Snapshot::lineage).collect(Collectors.toSet());
            var earlier = all.stream()
                    .map(Snapshot::lineage)
                    .distinct()
                    .filter(lineage -> !lineage.equals(current))
                    .map(lineage -> all.stream()
                            .filter(copy -> copy.verified() && copy.lineage().equals(lineage))
                            .findFirst()
                            .orElse(null))
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(Stream.concat(
                            earlier.stream().limit(5),
                            earlier.stream().filter(copy -> pinned.contains(copy.lineage()))))
                    .noneMatch(copy -> removed.contains(copy.name()));
        });
    }

    @Test
    void greaterNumbersKeepAtLeastTheSame() {
        forEachCase((rules, copies, now, decision) -> {
            var random = new Random(copies.size());
            var greater = new CopyRetention(
                    rules.last() + random.nextInt(3),
                    rules.within().plusHours(random.nextInt(30)),
                    rules.hourly() + random.nextInt(3),
                    rules.daily() + random.nextInt(3),
                    rules.weekly() + random.nextInt(3),
                    rules.monthly() + random.nextInt(3),
                    rules.usualGap());
            // of earlier lineages the one with the most keys among what is kept may be another one
            var certain = names(decision.kept().stream()
                    .filter(kept -> !kept.because().equals(Set.of(CopyKept.LINEAGE)))
                    .map(Kept::snapshot));
            assertThat(kept(greater.decide(copies, now))).containsAll(certain);
        });
    }

    @Test
    void whatIsKeptBesideOthersIsKeptWithoutThemToo() {
        forEachCase((rules, copies, now, decision) -> {
            var random = new Random(copies.size());
            var fewer = copies.stream().filter(_ -> random.nextInt(4) != 0).toList();
            // so what the queue chooses beside those that wait is not removed as soon as it is there
            var certain = names(decision.kept().stream()
                    .filter(kept -> kept.because().stream().anyMatch(this::isRule))
                    .map(Kept::snapshot));
            certain.retainAll(names(fewer.stream()));
            assertThat(kept(rules.decide(fewer, now))).containsAll(certain);
        });
    }

    private boolean isRule(CopyKept reason) {
        return switch (reason) {
            case LAST, WITHIN, HOURLY, DAILY, WEEKLY, MONTHLY, LATEST, LATEST_LINEARIZABLE, PINNED, FUTURE, UNPROVEN ->
                true;
            case LINEAGE, JUMP -> false;
        };
    }

    @Test
    void copiesThatAreDatedAfterNowChangeNothingForTheOthers() {
        forEachCase((rules, copies, now, decision) -> {
            var present = copies.stream()
                    .filter(copy -> !copy.createdAt().isAfter(now))
                    .map(copy -> new CopySample(
                                    copy.name(),
                                    copy.createdAt(),
                                    copy.etcd().consistency(),
                                    copy.verification().state(),
                                    new SnapshotName(Instant.EPOCH),
                                    copy.pinned(),
                                    null)
                            .snapshot())
                    .toList();
            var ahead = new ArrayList<>(present);
            for (int i = 1; i < 9; i++) {
                ahead.add(CopySample.at(now.plus(Duration.ofDays(100L * i)))
                        .ofLineage(new SnapshotName(Instant.EPOCH))
                        .snapshot());
            }
            assertThat(rules.decide(ahead, now).removed())
                    .isEqualTo(rules.decide(present, now).removed());
        });
    }

    @Test
    void aClockThatJumpsAYearAheadRemovesNothing() {
        forEachCase((rules, copies, now, decision) -> {
            var latest = copies.stream()
                    .map(Snapshot::createdAt)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            var ahead = latest.plus(Duration.ofDays(365));
            var jumped = new ArrayList<>(copies);
            jumped.add(CopySample.at(ahead).snapshot());
            assertThat(rules.decide(jumped, ahead).removed()).isEmpty();
        });
    }
}
