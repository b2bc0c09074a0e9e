package dev.otherix.backup.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A small snapshot of a real member (revision 2, never compacted, one live key, HashKV 3628877040), whole and damaged.
 */
public final class SampleFile {

    public static final long HASH_KV = 3628877040L;
    private static final int FOOTER_BYTES = 32;
    private static final int PAGE_BYTES = 4096;
    private static final int ROOT_PAGE = 4;

    private SampleFile() {}

    public static byte[] good() {
        return read("/snapshots/k.db.gz");
    }

    /** Another good one, of the same size. */
    public static byte[] another() {
        return read("/snapshots/e35-mid.db.gz");
    }

    /** A good one of some four megabytes. */
    public static byte[] large() {
        return read("/snapshots/a34-mid.db.gz");
    }

    /** One bit of a value is another one: the footer tells. */
    public static byte[] withAnotherBit() {
        var file = good();
        file[3 * PAGE_BYTES + 100] ^= 1;
        return file;
    }

    /**
     * Its root page says that it is another page, under a footer that fits: as a member with a damaged database sends
     * it.
     */
    public static byte[] withABrokenPage() {
        var file = good();
        file[ROOT_PAGE * PAGE_BYTES] ^= 0x40;
        var data = Arrays.copyOf(file, file.length - FOOTER_BYTES);
        try {
            System.arraycopy(MessageDigest.getInstance("SHA-256").digest(data), 0, file, data.length, FOOTER_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
        return file;
    }

    private static byte[] read(String resource) {
        try (var file = new GZIPInputStream(Objects.requireNonNull(SampleFile.class.getResourceAsStream(resource)))) {
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
