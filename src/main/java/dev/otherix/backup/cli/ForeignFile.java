package dev.otherix.backup.cli;

import dev.otherix.backup.verify.IntegrityFooter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A file that is not a snapshot in its present form, recognized by its first bytes, whatever its size. @param code a
 * stable word, for programs @param what it is, as the end of a sentence that begins with its name
 *
 * @param fix what to do now, as a sentence
 */
record ForeignFile(String code, String what, String fix) {

    private static final String NO_SNAPSHOT = "not_a_snapshot";
    private static final int META_MAGIC = 0xED0CDAED;
    private static final int META_MAGIC_AT = 16;
    private static final int SMALLEST_PAGE = 1 << 10;
    private static final int LARGEST_PAGE = 64 << 10;
    private static final List<Format> FORMATS = List.of(
            Format.packed("gzip", "1f8b", ".gz", "gzip -dc"),
            Format.packed("zstd", "28b52ffd", ".zst", "zstd -dc"),
            Format.packed("xz", "fd377a585a00", ".xz", "xz -dc"),
            Format.packed("bzip2", hex("BZh"), ".bz2", "bzip2 -dc"),
            Format.packed("lz4", "04224d18", ".lz4", "lz4 -dc"),
            Format.packed("zip", "504b0304", ".zip", "unzip -p"),
            new Format("encrypted", "encrypted (age)", hex("age-encryption.org/"), ".age", "age -d -i IDENTITY"),
            new Format(
                    "encrypted",
                    "encrypted (age)",
                    hex("-----BEGIN AGE ENCRYPTED FILE-----"),
                    ".age",
                    "age -d -i IDENTITY"),
            new Format("encrypted", "encrypted (gpg)", hex("-----BEGIN PGP MESSAGE-----"), ".asc", "gpg -d"));

    /** @param command writes the content of the file that follows it to standard output */
    private record Format(String code, String what, String magic, String suffix, String command) {

        static Format packed(String name, String magic, String suffix, String command) {
            return new Format("compressed", "compressed (" + name + ")", magic, suffix, command);
        }
    }

    /**
     * The kind of {@code file} if it is not a snapshot; empty if it may be one, even a damaged one, and if it is not a
     * regular file. @throws IOException if it cannot be read
     */
    static Optional<ForeignFile> of(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (var channel = FileChannel.open(file)) {
            var size = channel.size();
            var start = ByteBuffer.allocate((int) Math.min(size, LARGEST_PAGE + META_MAGIC_AT + Integer.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // the rest of it
            }
            return of(file, start.flip(), size);
        }
    }

    private static Optional<ForeignFile> of(Path file, ByteBuffer start, long size) {
        if (size == 0) {
            return Optional.of(new ForeignFile("empty", "it is empty (0 bytes)", "Take another one."));
        }
        var bytes = HexFormat.of().formatHex(start.array(), 0, start.limit());
        var format = FORMATS.stream()
                .filter(known -> bytes.startsWith(known.magic()))
                .findFirst();
        if (format.isPresent()) {
            return format.map(known -> new ForeignFile(
                    known.code(),
                    "it is " + known.what(),
                    (known.code().equals("encrypted") ? "Decrypt it first: " : "Unpack it first: ") + known.command()
                            + " " + quoted(file.toString()) + " > "
                            + quoted(unpacked(file.toString(), known.suffix()))));
        }
        if (hasMeta(start) || IntegrityFooter.isIn(size)) {
            return Optional.empty();
        }
        return Optional.of(
                bytes.chars().allMatch(digit -> digit == '0')
                        ? new ForeignFile(
                                NO_SNAPSHOT,
                                "it begins with " + start.limit() + " zero bytes, which no snapshot does",
                                "Its beginning is missing: a copy was interrupted, or the disk lost it. Take another one.")
                        : new ForeignFile(
                                NO_SNAPSHOT,
                                "it does not begin like an etcd database",
                                "It is another kind of file, or its beginning is lost. Take another one."));
    }

    /**
     * Whether there is a meta page in one of its possible places: bbolt's magic number is in the first page or in the
     * second, whatever their size.
     */
    private static boolean hasMeta(ByteBuffer start) {
        boolean found = false;
        for (int page = 0; !found && page <= LARGEST_PAGE; page = page == 0 ? SMALLEST_PAGE : page * 2) {
            var at = page + META_MAGIC_AT;
            found = at + Integer.BYTES <= start.limit() && start.getInt(at) == META_MAGIC;
        }
        return found;
    }

    private static String unpacked(String file, String suffix) {
        return file.endsWith(suffix) ? file.substring(0, file.length() - suffix.length()) : file + ".db";
    }

    /** Quoted as one word for a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+:@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What it is and what to do, in one line. */
    String message() {
        return what + ". " + fix;
    }
}
