package dev.otherix.backup.history;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A temporary file with sorted runs of entries. Only its owner may read it, and it has no name once it is open:
 * whatever ends the process leaves nothing behind.
 *
 * <p>If it cannot be written or read, each method throws {@link Refused}.
 */
final class RunFile implements AutoCloseable {

    private static final int BUFFER = 1 << 15;
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final FileChannel channel;
    private final List<Run> runs = new ArrayList<>();

    private RunFile(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** A run in the file, in bytes. */
    private record Run(long from, long to) {}

    static RunFile in(Path directory) {
        try {
            var file = Files.createTempFile(directory, ".otherix-keys-", ".tmp", MODE);
            try {
                return new RunFile(
                        directory, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
            } finally {
                Files.delete(file);
            }
        } catch (IOException broken) {
            throw refused(directory, broken);
        }
    }

    private static Refused refused(Path directory, IOException broken) {
        var why = switch (broken) {
            case NoSuchFileException _ -> "it does not exist";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(broken.getMessage());
        };
        return new Refused(
                "cannot sort in temporary files in " + directory + ": " + why,
                "Give a directory that this user may write to and that has space: --scratch DIR",
                broken);
    }

    /** Writes a run: all that the walk has. */
    void add(Walk<SortedEntry> sorted) {
        try {
            write(sorted);
        } catch (IOException broken) {
            throw refused(directory, broken);
        }
    }

    private void write(Walk<SortedEntry> sorted) throws IOException {
        var from = channel.position();
        var out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
        for (var entry = sorted.next(); entry.isPresent(); entry = sorted.next()) {
            var key = entry.get().key().bytes();
            var note = entry.get().note();
            out.writeInt(key.length);
            out.writeInt(note.length);
            out.write(key);
            out.write(note);
        }
        out.flush();
        runs.add(new Run(from, channel.position()));
    }

    /** How many runs it has. */
    int count() {
        return runs.size();
    }

    /** The entries of one run. */
    Walk<SortedEntry> run(int index) {
        var run = runs.get(index);
        var in = new DataInputStream(new BufferedInputStream(new Part(run.from(), run.to()), BUFFER));
        return () -> {
            try {
                return read(in);
            } catch (IOException broken) {
                throw refused(directory, broken);
            }
        };
    }

    private static Optional<SortedEntry> read(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return Optional.empty();
        }
        in.reset();
        var keyLength = in.readInt();
        var noteLength = in.readInt();
        var key = in.readNBytes(keyLength);
        return Optional.of(new SortedEntry(Key.of(key), in.readNBytes(noteLength)));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException broken) {
            throw refused(directory, broken);
        }
    }

    /** Part of the file, read independently of its position. */
    private final class Part extends InputStream {

        private final long to;
        private long at;

        private Part(long from, long to) {
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (at == to) {
                return -1;
            }
            var count = channel.read(ByteBuffer.wrap(into, from, (int) Math.min(most, to - at)), at);
            if (count < 0) {
                throw new IOException("the temporary file became shorter");
            }
            at += count;
            return count;
        }
    }
}
