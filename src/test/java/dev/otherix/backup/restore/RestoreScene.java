package dev.otherix.backup.restore;

import com.google.protobuf.ByteString;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import tools.jackson.databind.json.JsonMapper;

/** Restores of a small snapshot with a cluster CA, with a step of the test before the copy and before the proof. */
public final class RestoreScene {

    static final dev.otherix.backup.realetcd.ClusterCa CA = dev.otherix.backup.realetcd.ClusterCa.generate();
    private static final String URL = "http://127.0.0.1:9";

    private final Path snapshot;
    private final Path data;
    private Optional<Path> caDirectory = Optional.empty();
    private boolean moveOldAside;
    private Step beforeCopy = () -> {};
    private Step beforeProof = () -> {};
    private Step whileReading = () -> {};

    /** What a test does between two steps. */
    interface Step {

        void run() throws IOException;
    }

    private RestoreScene(Path snapshot, Path data) {
        this.snapshot = snapshot;
        this.data = data;
    }

    static RestoreScene of(Path snapshot, Path data) {
        return new RestoreScene(snapshot, data);
    }

    /** Writes the snapshot. */
    public static Path snapshot(Path file) throws IOException {
        var rows = List.of(
                Row.put(
                        2,
                        CA.rowKey(),
                        2,
                        1,
                        ByteString.copyFromUtf8(JsonMapper.shared().writeValueAsString(CA.row()))),
                Row.put(3, dev.otherix.backup.realetcd.ClusterCa.ACTIVE_KEY, 3, 1, ByteString.copyFromUtf8(CA.id())));
        return BoltWriter.snapshot(
                file,
                4096,
                new TreeMap<>(Map.of("key", rows.stream().map(Row::entry).toList(), "meta", List.of())));
    }

    RestoreScene caDirectory(Path directory) {
        caDirectory = Optional.of(directory);
        return this;
    }

    RestoreScene moveOldAside() {
        moveOldAside = true;
        return this;
    }

    RestoreScene beforeCopy(Step step) {
        beforeCopy = step;
        return this;
    }

    RestoreScene beforeProof(Step step) {
        beforeProof = step;
        return this;
    }

    /** At the first sign of progress. */
    RestoreScene whileReading(Step step) {
        whileReading = step;
        return this;
    }

    Restored run() throws IOException {
        var members = Map.of("one", List.of(PeerUrl.parse(URL)));
        var order = new RestoreOrder(
                snapshot,
                false,
                OptionalLong.empty(),
                Optional.empty(),
                data,
                InitialCluster.of(members, "a-token"),
                "one",
                1_000_000_000L,
                Optional.empty(),
                caDirectory,
                Optional.empty(),
                new RestoreOrder.Allowed(moveOldAside, true, false));
        return new Restoration(new SnapshotVerifier(), Clock.systemUTC()).run(order, new Rewind.Listener() {
            @Override
            public LongConsumer reading() throws IOException {
                beforeCopy.run();
                var began = new AtomicBoolean();
                return _ -> {
                    if (began.compareAndSet(false, true)) {
                        unchecked(whileReading);
                    }
                };
            }

            @Override
            public LongConsumer proving(long bytes) {
                unchecked(beforeProof);
                return _ -> {};
            }
        });
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Runs it, and returns why it was refused; empty if it was not. */
    Optional<String> refusal() throws IOException {
        try {
            run();
            return Optional.empty();
        } catch (NotWritten refused) {
            return Optional.of(refused.reason().toString());
        } catch (Refused refused) {
            return Optional.of(refused.getMessage() + "\n" + refused.fix());
        }
    }

    /** All that is in a directory, and what would show a change. */
    static Map<String, String> tree(Path directory) {
        try (var entries = Files.walk(directory)) {
            var tree = new TreeMap<String, String>();
            for (var entry : entries.toList()) {
                tree.put(directory.relativize(entry).toString(), state(entry));
            }
            return tree;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String state(Path entry) throws IOException {
        var attributes = Files.readAttributes(entry, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.owner().getName() + ":" + attributes.group().getName() + " "
                + PosixFilePermissions.toString(attributes.permissions())
                + (attributes.isRegularFile() ? " " + attributes.size() : "") + " " + attributes.lastModifiedTime();
    }
}
