package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Uncopied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Half a year of a service whose store and whose cluster are away for days and weeks, that is restarted, that loses the
 * store in the middle of its work, that gets other rules, and whose own directory keeps few snapshots.
 */
final class Soak implements AutoCloseable {

    /** Later than any real date: the stores' clocks cannot be set. */
    private static final Instant START = Instant.parse("2100-01-01T00:30:00Z");

    private static final Instant END = Instant.parse("2100-07-01T00:30:00Z");
    private static final Folder FOLDER = new Folder("backups", "ca-0123456789abcdef", Scene.MEMBER);
    private static final List<CopyRetentionProperties> RULES = List.of(
            new CopyRetentionProperties(3, Duration.ofDays(2), 0, 7, 3, 12, true, null),
            new CopyRetentionProperties(5, null, 12, 4, 0, 2, true, null),
            new CopyRetentionProperties(7, null, 0, 10, 5, 12, true, null));
    private static final int KEPT_HERE = 9;
    private static final double MOST_OFTEN = 0.4;
    private static final int MOST_STEPS_TO_A_CUT = 40;
    /** The deletes of record, files and object, each with its answer. */
    private static final int STEPS_OF_A_REMOVAL = 6;

    private static final Duration LONGEST_WORK = Duration.ofMinutes(5);
    private static final Duration RETRIED = Duration.ofHours(2);

    private final WatchedStore store;
    private final Path temporary;
    private final Duration gap;
    private final Random random;
    private final SoakModel model = new SoakModel();
    private SnapshotName lineage = new SnapshotName(START);
    private CopyRetentionProperties rules = RULES.getFirst();
    private Instant now = START;
    private Instant storeBackAt = START;
    private Instant clusterBackAt = START;
    private Scene scene;
    private Offsite offsite;
    private int outages;
    private int cutOff;
    private int months;

    Soak(ObjectStore store, Path temporary, Duration gap, long seed) throws IOException {
        this.store = new WatchedStore(store);
        this.temporary = temporary;
        this.gap = gap;
        this.random = new Random(seed);
        Files.writeString(temporary.resolve("api.yaml"), "api");
        start();
    }

    /** What happened. */
    record Done(int months, int copies, int removals, int outages, int cutOff) {}

    Done run() {
        for (; now.isBefore(END); now = now.plus(gap)) {
            step();
            var next = now.plus(gap);
            if (!month(next).equals(month(now))) {
                months++;
                storeBackAt = now;
                settle();
                nothingElseLiesThere();
                rules = RULES.get(months * RULES.size() / 6 % RULES.size());
                restart();
            }
        }
        return new Done(
                months, model.copiesMade(), model.copiesMade() - model.names().size(), outages, cutOff);
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atZone(ZoneOffset.UTC));
    }

    private void start() {
        scene = new Scene(temporary.resolve("snapshots"));
        scene.lineage = lineage;
        scene.retention = rules;
        scene.clock.set(now);
        offsite = scene.copyingTo(Scene.including(Scene.RECIPIENT, temporary.resolve("api.yaml")), store);
    }

    private void restart() {
        scene.close();
        start();
    }

    private boolean happens(double timesAMonth) {
        var chance = timesAMonth * gap.toMinutes() / Duration.ofDays(30).toMinutes();
        return random.nextDouble() < Math.min(MOST_OFTEN, chance);
    }

    private Duration days(int most) {
        return Duration.ofMinutes(random.nextLong(Duration.ofDays(most).toMinutes()));
    }

    private void step() {
        scene.clock.set(now);
        scene.nanos.advance(gap);
        takeAndPin();
        if (happens(3)) {
            restart();
        }
        if (happens(1.2)) {
            outages++;
            storeBackAt = now.plus(days(20));
        }
        if (now.isBefore(storeBackAt)) {
            failFrom(0, "");
            work();
        } else if (happens(6)) {
            cutOff();
        } else {
            settle();
        }
        removeOldOnesHere();
    }

    private void takeAndPin() {
        if (happens(0.4)) {
            clusterBackAt = now.plus(days(12));
        }
        if (now.isBefore(clusterBackAt)) {
            return;
        }
        if (happens(0.4)) {
            lineage = new SnapshotName(now);
            scene.lineage = lineage;
        }
        scene.taken(now);
        if (happens(3)) {
            var local = local();
            var one = local.get(random.nextInt(local.size()));
            scene.directory().pin(one.name(), !one.pinned());
        }
    }

    private List<Snapshot> local() {
        return scene.directory().list();
    }

    /** Each step of the store fails from one on, before that is done or after it. @param counted how it begins */
    private void failFrom(int steps, String counted) {
        var left = new AtomicInteger(steps);
        store.watch(step -> {
            if (left.get() <= 0 || step.startsWith(counted) && left.decrementAndGet() <= 0) {
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "no answer", null);
            }
        });
    }

    private void work() {
        offsite.tick();
        await().atMost(LONGEST_WORK)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(offsite::idle);
    }

    private CopyRetention decided() {
        return rules.rules(Duration.ofHours(6)).orElseThrow();
    }

    /** Perhaps the service dies too; what it does next is up to the next steps. */
    private void cutOff() {
        if (random.nextBoolean()) {
            failFrom(1 + random.nextInt(MOST_STEPS_TO_A_CUT), "");
        } else {
            failFrom(1 + random.nextInt(STEPS_OF_A_REMOVAL), "delete");
        }
        work();
        cutOff += offsite.status().targets().getFirst().error().isPresent() ? 1 : 0;
        if (random.nextBoolean()) {
            restart();
        }
        model.cutOff(copies(), decided(), local(), now);
        if (random.nextBoolean()) {
            settle();
        }
    }

    private void settle() {
        store.watch(_ -> {});
        scene.nanos.advance(RETRIED);
        work();
        work();
        model.settle(decided(), local(), now);
        assertThat(copies()).as("copies at %s", now).isEqualTo(new TreeSet<>(model.names()));
        var status = offsite.status().targets().getFirst();
        assertThat(status.findings()).isEmpty();
        assertThat(status.pending()).isZero();
    }

    private void removeOldOnesHere() {
        var uncopied = new Uncopied(Set.of(store.target()), 7, scene.superfluous::has);
        new RetentionPolicy(KEPT_HERE, 1, Duration.ZERO, uncopied)
                .decide(local())
                .removed()
                .forEach(snapshot -> scene.directory().delete(snapshot.name()));
    }

    private Set<SnapshotName> copies() {
        var names = new TreeSet<SnapshotName>();
        store.watch(_ -> {});
        store.list(
                FOLDER.path(),
                object -> Folder.ofRecord(FOLDER.prefix(), object.key()).ifPresent(place -> names.add(place.name())));
        return names;
    }

    /** No object without a record, no older version of what was removed, no mark. */
    private void nothingElseLiesThere() {
        var keys = new HashSet<String>();
        var marks = new ArrayList<StoredVersion>();
        store.versions("", version -> {
            keys.add(version.key());
            if (version.marker()) {
                marks.add(version);
            }
        });
        var expected = new HashSet<String>();
        for (var name : model.names()) {
            expected.addAll(List.of(FOLDER.record(name), FOLDER.files(name), FOLDER.object(name, true)));
        }
        keys.removeIf(key -> Folder.ofCanary(FOLDER.prefix(), key).isPresent());
        assertThat(keys).as("keys at %s", now).isEqualTo(expected);
        assertThat(marks).isEmpty();
    }

    @Override
    public void close() {
        store.watch(_ -> {});
        scene.close();
    }
}
