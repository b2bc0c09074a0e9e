package dev.otherix.backup.offsite;

import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.params.provider.Arguments;

/** Archives as a service writes them, and as nobody but an attacker does. */
public final class HostileArchives {

    private static final int BLOCK = 512;
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    private HostileArchives() {}

    /** @param files name, content and time of each */
    public static byte[] of(Object... files) {
        var all = new ArrayList<IncludedFile>();
        for (int i = 0; i < files.length; i += 3) {
            all.add(new IncludedFile(
                    (String) files[i], ((String) files[i + 1]).getBytes(StandardCharsets.UTF_8), (Instant)
                            files[i + 2]));
        }
        var bytes = new ByteArrayOutputStream();
        try {
            FileArchive.write(all.iterator(), bytes);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return bytes.toByteArray();
    }

    /** What it is, its bytes, and what a refusal says. */
    public static Stream<Arguments> all() {
        var notDownwards = "whose name is no path from a directory downwards";
        var noFile = "it has an entry that is no file";
        var twice = "it has a name twice, or as a file and as a directory";
        return Stream.of(
                one("an absolute path", raw(file("/etc/passwd", CONTENT)), notDownwards),
                one("a way up", raw(file("../outside", CONTENT)), notDownwards),
                one("a way up in the middle", raw(file("etc/../../outside", CONTENT)), notDownwards),
                one("a dot", raw(file("./etc/api.yaml", CONTENT)), notDownwards),
                one("an empty part", raw(file("etc//api.yaml", CONTENT)), notDownwards),
                one("no name", raw(file("", CONTENT)), notDownwards),
                one("a line break in a name", raw(file("etc/a\nb", CONTENT)), notDownwards),
                one("an escape in a name", raw(file("etc/\u001b[2J", CONTENT)), notDownwards),
                one("a name that is too long", raw(file("a".repeat(256), CONTENT)), notDownwards),
                one("a way that is too long", raw(file("ab/".repeat(1400) + "c", CONTENT)), notDownwards),
                one("a way that is too deep", raw(file("a/".repeat(200) + "c", CONTENT)), notDownwards),
                one("a directory", raw(tar -> put(tar, new TarArchiveEntry("etc/"), new byte[0])), noFile),
                one("a symbolic link", raw(link(TarArchiveEntry.LF_SYMLINK)), noFile),
                one("a hard link", raw(link(TarArchiveEntry.LF_LINK)), noFile),
                one("a device", raw(of(TarArchiveEntry.LF_CHR)), noFile),
                one("a disk", raw(of(TarArchiveEntry.LF_BLK)), noFile),
                one("a pipe", raw(of(TarArchiveEntry.LF_FIFO)), noFile),
                one("a contiguous file", raw(of(TarArchiveEntry.LF_CONTIG)), noFile),
                one("an unknown kind", raw(of((byte) 'Z')), noFile),
                one(
                        "a good file and then a link",
                        raw(file("a", CONTENT).andThen(link(TarArchiveEntry.LF_SYMLINK))),
                        noFile),
                one("a name twice", raw(file("a", CONTENT).andThen(file("a", CONTENT))), twice),
                one("a file that is then a directory", raw(file("a", CONTENT).andThen(file("a/b", CONTENT))), twice),
                one("a directory that is then a file", raw(file("a/b", CONTENT).andThen(file("a", CONTENT))), twice),
                one("a large file", raw(file("a", new byte[(1 << 20) + 1])), "larger than 1 MiB"),
                one("too many files", many(101), "it has more than 100 entries"),
                one("no end", Arrays.copyOf(of("a", "content", Instant.EPOCH), BLOCK), "damaged"),
                one("a size without content", sized("77777777777"), "larger than 1 MiB"),
                one("endless zeros", new byte[120 << 20], "more than any files that travel"),
                one("a name without end", endlessName(), "damaged"),
                one(
                        "no archive",
                        "no archive at all, but a text".repeat(50).getBytes(StandardCharsets.US_ASCII),
                        "damaged"));
    }

    private static Arguments one(String what, byte[] archive, String said) {
        return argumentSet(what, what, archive, said);
    }

    private static byte[] raw(Consumer<TarArchiveOutputStream> content) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            content.accept(tar);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return bytes.toByteArray();
    }

    private static Consumer<TarArchiveOutputStream> file(String name, byte[] content) {
        return tar -> put(tar, new TarArchiveEntry(name, true), content);
    }

    private static Consumer<TarArchiveOutputStream> link(byte kind) {
        return tar -> {
            var link = new TarArchiveEntry("link", kind);
            link.setLinkName("/etc/passwd");
            put(tar, link, new byte[0]);
        };
    }

    private static Consumer<TarArchiveOutputStream> of(byte kind) {
        return tar -> put(tar, new TarArchiveEntry("special", kind), new byte[0]);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static byte[] many(int count) {
        return raw(tar -> {
            for (int i = 0; i < count; i++) {
                put(tar, new TarArchiveEntry("file-" + i), CONTENT);
            }
        });
    }

    /** A header with another size, and its checksum made right again. */
    private static byte[] sized(String octal) {
        var archive = of("a", "content", Instant.EPOCH);
        System.arraycopy(octal.getBytes(StandardCharsets.US_ASCII), 0, archive, 124, octal.length());
        checksum(archive, 0);
        return archive;
    }

    /** A header of POSIX.1-2001 that says it is longer than the archive. */
    private static byte[] endlessName() {
        var archive = of("ü", "content", Instant.EPOCH);
        System.arraycopy("77777777777".getBytes(StandardCharsets.US_ASCII), 0, archive, 124, 11);
        checksum(archive, 0);
        return archive;
    }

    private static void checksum(byte[] archive, int header) {
        Arrays.fill(archive, header + 148, header + 156, (byte) ' ');
        int sum = 0;
        for (int i = header; i < header + BLOCK; i++) {
            sum += Byte.toUnsignedInt(archive[i]);
        }
        var octal = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, archive, header + 148, octal.length);
    }

    /** Good archives with some bytes changed, the checksums of most headers made right again. */
    public static List<byte[]> mutated(int count) {
        var random = new Random(20260606);
        var good = List.of(
                of("etc/otherix/api.yaml", "secret", Instant.EPOCH, "etc/otherix/api.env", "", Instant.EPOCH),
                of("ü".repeat(60) + "/" + "d".repeat(120), "x", Instant.EPOCH, "b", "y".repeat(700), Instant.EPOCH),
                raw(link(TarArchiveEntry.LF_SYMLINK).andThen(file("link/passwd", CONTENT))));
        var all = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            var archive = good.get(random.nextInt(good.size())).clone();
            int changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                int at = random.nextInt(Math.min(archive.length, 5 * BLOCK));
                archive[at] = random.nextInt(3) == 0
                        ? (byte) "/.0\0LKxg127S ".charAt(random.nextInt(13))
                        : (byte) random.nextInt();
            }
            if (random.nextInt(5) > 0) {
                for (int header = 0; header + BLOCK <= archive.length; header += BLOCK) {
                    if (archive[header + 257] == 'u') {
                        checksum(archive, header);
                    }
                }
            }
            all.add(random.nextInt(10) == 0 ? Arrays.copyOf(archive, random.nextInt(archive.length)) : archive);
        }
        return all;
    }
}
