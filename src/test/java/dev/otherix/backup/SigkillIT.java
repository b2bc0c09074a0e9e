package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.json;
import static dev.otherix.backup.PackagedService.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.KilledDirectory.Found;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service dies by SIGKILL at random moments, beside a member that is written to, while scheduled and
 * requested snapshots are taken and old ones go. The number of kills is {@code -Dcrash.kills}, the random seed
 * {@code -Dcrash.seed}; the profile {@code crash} kills 200 times.
 */
@NeedsEtcd
@AnyEtcd
class SigkillIT {

    private static final int FEW = 12;
    private static final int KILLS = Integer.getInteger("crash.kills", FEW);
    private static final long SEED = Long.getLong("crash.seed", KILLS > FEW ? System.nanoTime() : 7767242384825L);
    private static final int DATABASE_BYTES = 24 << 20;
    private static final int RETENTION = 1;
    private static final int REPORTED_EACH = 20;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Set<Found> WANTED = EnumSet.complementOf(EnumSet.of(Found.NOTHING, Found.NAME));

    private final Random random = new Random(SEED);
    private final List<RunMoment> moments = new ArrayList<>();
    private final Map<Found, Integer> tally = new EnumMap<>(Found.class);

    @TempDir
    private Path temporary;

    @Test
    void nothingIsLostOrHalfMadeWhereverTheServiceDies() throws Exception {
        var dir = new KilledDirectory(temporary.resolve("snapshots"), RETENTION);
        int kills = 0;
        try (var etcd = EtcdProcess.start(
                        EtcdHomes.first(), "--auto-compaction-mode=revision", "--auto-compaction-retention=1000");
                var jar = UnpackedJar.make();
                var _ = writer(etcd.clientUrl())) {
            while (kills < KILLS || KILLS >= FEW && !spread(kills) && kills < 2 * KILLS) {
                try {
                    round(jar, etcd.clientUrl(), dir, kills);
                    tally.merge(dir.found(), 1, Integer::sum);
                    dir.holds();
                } catch (Exception | AssertionError broken) {
                    throw new AssertionError(
                            "kill " + kills + " with -Dcrash.seed=" + SEED + " left " + files(dir.path()), broken);
                }
                if (++kills % REPORTED_EACH == 0) {
                    report(kills, dir);
                }
            }
            endsClean(jar, etcd.clientUrl(), dir);
        }
        report(kills, dir);
        assertThat(dir.told()).as("who asked was told of snapshots").isGreaterThanOrEqualTo(kills / 4);
        // fewer than that cannot hit every phase
        assertThat(KILLS < FEW || spread(kills))
                .as("kills in every phase: %s", tally)
                .isTrue();
    }

    private void report(int kills, KilledDirectory dir) {
        System.out.printf(
                "%d kills (-Dcrash.seed=%d), %d snapshots seen, %d of them told to who asked; what the kills cut short: %s%n",
                kills, SEED, dir.seen(), dir.told(), tally);
    }

    /** Whether each phase was hit, and not mostly nothing. */
    private boolean spread(int kills) {
        return missed().isEmpty() && tally.getOrDefault(Found.NOTHING, 0) <= kills / 2;
    }

    /** The phases that were not hit often enough. */
    private List<Found> missed() {
        var least = Math.max(1, KILLS / 20);
        return WANTED.stream()
                .filter(phase -> tally.getOrDefault(phase, 0) < least)
                .toList();
    }

    /** Changes a few keys all the time, until it is closed. */
    private static Writer writer(String clientUrl) {
        OtherixKeyspace.fill(clientUrl, DATABASE_BYTES, 64 * 1024);
        var closed = new AtomicBoolean();
        var writing = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; !closed.get(); i++) {
                        OtherixKeyspace.fill(clientUrl, 64 + i % 64, 8);
                        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                    }
                },
                work -> Thread.ofPlatform().daemon().start(work));
        return () -> {
            closed.set(true);
            writing.join();
        };
    }

    private interface Writer extends AutoCloseable {
        @Override
        void close();
    }

    /** Starts the service on what the last kill left, lets it take snapshots, and kills it. */
    private void round(UnpackedJar jar, String clientUrl, KilledDirectory dir, int number) throws Exception {
        var leftovers = dir.leftovers();
        try (var process = launch(jar, clientUrl, dir.path())) {
            if (number > 0 && random.nextInt(10) == 0) {
                pause(Duration.ofSeconds(2));
                process.kill();
                return;
            }
            try (var service = PackagedService.whenReady(process)) {
                assertThat(files(dir.path()))
                        .as("the start removes what the death left")
                        .noneMatch(leftovers::contains);
                if (number == 0 || random.nextInt(3) > 0) {
                    awaitOverdue(service, dir.path());
                }
                var requests = Thread.ofPlatform().daemon().start(() -> request(service, dir));
                // so that enough snapshots are told of whatever the random numbers are
                if (number % 2 == 0) {
                    awaitAnswer(service, dir);
                }
                var moment = nextMoment();
                moment.comes(dir.path(), random.nextDouble(), Duration.ofSeconds(15));
                pause(within(moment));
                service.process().kill();
                requests.join();
            }
        }
    }

    /**
     * Each in turn, in an order that is shuffled anew each time; where enough kills have missed a phase, that one's.
     */
    private RunMoment nextMoment() {
        if (tally.values().stream().mapToInt(Integer::intValue).sum() >= KILLS && !missed().isEmpty()) {
            return switch (missed().getFirst()) {
                case STREAM -> RunMoment.STREAM;
                case VERIFY -> RunMoment.VERIFY;
                case RECORD, NAME -> RunMoment.COMMIT;
                case PRUNE, NOTHING -> RunMoment.PRUNE;
            };
        }
        if (moments.isEmpty()) {
            moments.addAll(List.of(RunMoment.values()));
            Collections.shuffle(moments, random);
        }
        return moments.removeLast();
    }

    private static JarProcess launch(UnpackedJar jar, String clientUrl, Path dir) {
        return PackagedService.launch(
                jar,
                clientUrl,
                dir,
                "--workers.backup.interval=1s",
                "--workers.backup.retention=" + RETENTION,
                "--retention.on_demand=" + RETENTION);
    }

    /** How long the moment may last. */
    private static Duration within(RunMoment moment) {
        return switch (moment) {
            case STREAM, DELETE -> Duration.ZERO;
            case VERIFY -> Duration.ofMillis(100);
            case COMMIT -> Duration.ofMillis(2);
            case PRUNE -> Duration.ofMillis(10);
        };
    }

    private void pause(Duration longest) {
        LockSupport.parkNanos((long) (random.nextDouble() * longest.toNanos()));
    }

    private static void awaitOverdue(PackagedService service, Path dir) {
        var before = files(dir);
        await(service, "the overdue snapshot", () -> {
            var records = records(dir);
            return !records.isEmpty()
                    && records.getLast().get("trigger").asString().matches("startup|schedule")
                    && !before.contains(records.getLast().get("name").asString());
        });
    }

    private static void awaitAnswer(PackagedService service, KilledDirectory dir) {
        var before = dir.told();
        await(service, "a requested snapshot", () -> dir.told() > before);
    }

    private static void await(PackagedService service, String what, Callable<Boolean> there) {
        try {
            Awaitility.await(what).atMost(SOON).until(there);
        } catch (ConditionTimeoutException tooLate) {
            throw new AssertionError(
                    "the service printed:\n" + service.process().output(), tooLate);
        }
    }

    /** Asks for one snapshot after the other, with pauses in which the schedule has its turn, until nobody answers. */
    private static void request(PackagedService service, KilledDirectory dir) {
        var pauses = new Random(SEED);
        try {
            while (true) {
                var answer = service.post("/v1/snapshots?wait=1m").join();
                if (answer.statusCode() == 201) {
                    dir.told(json(answer).get("name").asString());
                }
                LockSupport.parkNanos(
                        (long) (pauses.nextDouble() * Duration.ofSeconds(2).toNanos()));
            }
        } catch (CompletionException killed) {
            // whoever was not answered knows nothing
        }
    }

    private static void endsClean(UnpackedJar jar, String clientUrl, KilledDirectory dir) throws IOException {
        try (var service = PackagedService.whenReady(launch(jar, clientUrl, dir.path()))) {
            awaitOverdue(service, dir.path());
            service.process().terminate();
            service.process().exitCode(Duration.ofSeconds(20));
        }
        assertThat(dir.leftovers()).isEmpty();
        dir.holds();
        assertThat(dir.found()).isEqualTo(Found.NOTHING);
    }
}
