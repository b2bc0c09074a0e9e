package dev.otherix.backup.restore;

import dev.otherix.backup.verify.CaPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where otherix keeps its cluster CA. A pair that differs stays under another name; an equal one is left alone. A new
 * one is written in a directory of its own, where nobody else gets at it until it has its owner.
 */
final class CaDirectory implements AutoCloseable {

    static final String CERTIFICATE = "cluster-ca.crt";
    static final String KEY = "cluster-ca.key";

    private static final String UNFINISHED = "cluster-ca.restoring";
    private static final int LONGEST = 1 << 20;

    private final DirectoryHandle directory;

    private CaDirectory(DirectoryHandle directory) {
        this.directory = directory;
    }

    /** Opens it; it is made if only its last part is missing. */
    static CaDirectory open(Path named, Optional<Owner> owner) throws IOException {
        var path = named.toAbsolutePath().normalize();
        try {
            return new CaDirectory(TrustedWay.to(path));
        } catch (NoSuchFileException missing) {
            var parent = path.getParent();
            if (parent == null) {
                throw missing;
            }
            try (var above = TrustedWay.to(parent)) {
                var made = above.make(String.valueOf(path.getFileName()));
                if (owner.isPresent()) {
                    made.give(owner.get());
                }
                above.sync();
                return new CaDirectory(made);
            }
        }
    }

    /**
     * Places the pair.
     *
     * @return what was done
     */
    Placed place(CaPair pair, Optional<Owner> owner, Instant now) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put(CERTIFICATE, pair.certificate());
        files.put(KEY, pair.key());
        var same = true;
        for (var file : files.entrySet()) {
            same &= Arrays.equals(file.getValue(), content(file.getKey()));
        }
        if (same) {
            return new Placed(List.of("the cluster CA in " + directory.shown() + " is the snapshot's"), List.of());
        }
        directory.remove(UNFINISHED);
        try (var made = directory.make(UNFINISHED)) {
            for (var file : files.entrySet()) {
                write(made, file.getKey(), file.getValue(), owner);
            }
            made.sync();
            return name(made, files, UtcStamp.of(now));
        } finally {
            directory.remove(UNFINISHED);
        }
    }

    /**
     * What was done.
     *
     * @param notes a sentence each
     * @param back the steps that make it undone, the first one first
     */
    record Placed(List<String> notes, List<OnTarget.Step> back) {

        static final Placed NOTHING = new Placed(List.of(), List.of());

        /** Makes it undone; what fails is added to the failure because of which it has to be. */
        void undo(Exception because) {
            for (var step : back) {
                try {
                    step.run();
                } catch (IOException again) {
                    because.addSuppressed(again);
                }
            }
        }
    }

    private Placed name(DirectoryHandle made, Map<String, byte[]> files, String stamp) throws IOException {
        for (var name : files.keySet()) {
            if (directory.has(name + "." + stamp)) {
                throw new IOException(
                        directory.shown().resolve(name + "." + stamp) + " is there already; repeat the command");
            }
        }
        var done = new ArrayList<String>();
        var back = new ArrayList<OnTarget.Step>();
        try {
            for (var name : files.keySet()) {
                if (directory.has(name)) {
                    var aside = name + "." + stamp;
                    directory.rename(name, directory, aside);
                    back.addFirst(() -> directory.rename(aside, directory, name));
                    done.add("the old " + name + " is now " + directory.shown().resolve(aside));
                }
            }
            for (var name : files.keySet()) {
                made.rename(name, directory, name);
                back.addFirst(() -> directory.remove(name));
                done.add("placed " + directory.shown().resolve(name));
            }
            directory.sync();
            return new Placed(done, back);
        } catch (IOException refused) {
            new Placed(done, back).undo(refused);
            throw refused;
        }
    }

    private byte[] content(String name) throws IOException {
        if (!directory.isFile(name)) {
            return new byte[0];
        }
        try (var file = directory.read(name)) {
            var bytes = ByteBuffer.allocate((int) Math.min(file.size(), LONGEST));
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
                // until its end
            }
            return bytes.array();
        }
    }

    private static void write(DirectoryHandle made, String name, byte[] content, Optional<Owner> owner)
            throws IOException {
        try (var file = made.create(name)) {
            if (owner.isPresent()) {
                made.give(name, owner.get());
            }
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
