package dev.otherix.backup.offsite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files as a tar of POSIX.1-2001, which stock tar unpacks. Nothing in one that is read is trusted. */
final class FileArchive {

    /** The largest archive: each file with its headers, which hold a name of the longest kind and more. */
    static final long MOST_BYTES = FileName.MOST_FILES * (IncludedFile.MOST_BYTES + (1L << 16));

    private static final int MODE = 0100600;
    private static final Instant LATEST = Instant.parse("2400-01-01T00:00:00Z");

    private FileArchive() {}

    static void write(Iterator<IncludedFile> files, OutputStream to) throws IOException {
        // whoever opened it closes it
        @SuppressWarnings("resource")
        var tar = new TarArchiveOutputStream(to, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        while (files.hasNext()) {
            var file = files.next();
            var entry = new TarArchiveEntry(file.name());
            entry.setSize(file.content().length);
            entry.setMode(MODE);
            entry.setLastModifiedTime(FileTime.from(file.modifiedAt().truncatedTo(ChronoUnit.SECONDS)));
            tar.putArchiveEntry(entry);
            tar.write(file.content());
            tar.closeArchiveEntry();
        }
        tar.finish();
    }

    /**
     * Passes each file on.
     *
     * @param from is read to the end of the archive, and no further than {@link #MOST_BYTES}
     * @throws IOException if it holds anything else than files as {@link #write} puts them
     */
    static void read(InputStream from, Consumer<IncludedFile> each) throws IOException {
        var files = new HashSet<String>();
        var directories = new HashSet<String>();
        // whoever opened it closes it
        @SuppressWarnings("resource")
        var tar = new TarArchiveInputStream(from, StandardCharsets.UTF_8.name());
        for (var file = next(tar); file.isPresent(); file = next(tar)) {
            if (files.size() == FileName.MOST_FILES) {
                throw new UnsafeArchive("it has more than " + FileName.MOST_FILES + " entries");
            }
            if (!FileName.add(file.get().name(), files, directories)) {
                throw new UnsafeArchive("it has a name twice, or as a file and as a directory");
            }
            each.accept(file.get());
        }
    }

    private static Optional<IncludedFile> next(TarArchiveInputStream tar) throws IOException {
        try {
            var entry = tar.getNextEntry();
            return entry == null ? Optional.empty() : Optional.of(file(entry, tar));
        } catch (RuntimeException malformed) {
            // what the library throws where a header is nonsense
            throw new IOException("it is no archive", malformed);
        }
    }

    private static IncludedFile file(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        if (!entry.isCheckSumOK()) {
            throw new IOException("it is no archive");
        }
        if (entry.getLinkFlag() != TarConstants.LF_NORMAL || entry.isSparse()) {
            throw new UnsafeArchive("it has an entry that is no file");
        }
        if (!FileName.isUsable(entry.getName())) {
            throw new UnsafeArchive("it has an entry whose name is no path from a directory downwards");
        }
        if (entry.getSize() > IncludedFile.MOST_BYTES) {
            throw new UnsafeArchive("it has an entry that is larger than 1 MiB");
        }
        var content = tar.readNBytes(IncludedFile.MOST_BYTES);
        if (content.length != entry.getSize()) {
            throw new IOException("it is cut off");
        }
        return new IncludedFile(
                entry.getName(), content, time(entry.getLastModifiedTime().toInstant()));
    }

    /** A time that no file system has is of nobody's file. */
    private static Instant time(Instant modifiedAt) {
        return modifiedAt.isBefore(Instant.EPOCH) || modifiedAt.isAfter(LATEST) ? Instant.EPOCH : modifiedAt;
    }
}
