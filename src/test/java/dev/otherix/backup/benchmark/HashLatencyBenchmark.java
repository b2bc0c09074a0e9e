package dev.otherix.backup.benchmark;

import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The longest put on a member while it computes the hash of its key space, beside the longest while nothing runs: what
 * {@code verification.hash_kv: auto} is chosen from; with values of 8 KiB, and with small ones, of which there are more
 * for it to sort out. Arguments: sizes in MiB (100, 1024).
 */
public final class HashLatencyBenchmark {

    private static final int ROUNDS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private HashLatencyBenchmark() {}

    public static void main(String[] args) throws Exception {
        var sizes =
                args.length > 0 ? Arrays.stream(args).mapToLong(Long::parseLong).toArray() : new long[] {100, 1024};
        System.out.printf(
                "%s, %d rounds; longest put of a round in ms%n",
                NotMeasured.etcd().version(), ROUNDS);
        Figures.row("", "min", "median", "max");
        for (var valueBytes : new int[] {8192, 256}) {
            for (var mib : sizes) {
                try (var etcd = EtcdProcess.start(NotMeasured.etcd(), "--quota-backend-bytes=" + (16L << 30))) {
                    OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, valueBytes);
                    measure(mib + " MiB of " + valueBytes + " B", etcd.clientUrl());
                }
            }
        }
        System.exit(0);
    }

    private static void measure(String what, String clientUrl) throws Exception {
        var properties = new EtcdProperties(URI.create(clientUrl), null, null, null, null, null);
        var quiet = new ArrayList<Double>();
        var hashing = new ArrayList<Double>();
        var answer = new ArrayList<Double>();
        try (var connection = new EtcdMember(properties).connect()) {
            for (int round = 0; round <= ROUNDS; round++) {
                var idle = PutLatencies.during(clientUrl, () -> TimeUnit.SECONDS.sleep(1));
                var busy = PutLatencies.during(clientUrl, () -> {
                    var began = System.nanoTime();
                    connection.hashKv(0, LIMIT);
                    answer.add((System.nanoTime() - began) / 1e6);
                });
                // the first round warms up
                if (round > 0) {
                    quiet.add(idle.stream().max(Double::compare).orElseThrow());
                    hashing.add(busy.stream().max(Double::compare).orElseThrow());
                }
            }
        }
        new Figures(quiet).print(what + ", nothing");
        new Figures(hashing).print(what + ", hashing");
        new Figures(answer).print(what + ", the answer");
    }
}
