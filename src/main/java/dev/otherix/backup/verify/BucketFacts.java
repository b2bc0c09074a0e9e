package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import org.jspecify.annotations.Nullable;

/** Reads what only the command shows, beyond the check: etcdutl's hash, storage version, members and alarms. */
final class BucketFacts implements ElementVisitor {

    private static final int LONGEST = 1 << 16;

    private final ElementVisitor next;
    private final BoltFile file;
    private final FileCrc crc;
    private final ClusterRows cluster;
    private String bucket = "";
    private @Nullable String storageVersion;

    BucketFacts(BoltFile file, ElementVisitor next) {
        this.next = next;
        this.file = file;
        this.crc = new FileCrc(file);
        this.cluster = new ClusterRows(file);
    }

    @Override
    public void begin(int pageSize, long txid) {
        next.begin(pageSize, txid);
    }

    @Override
    public void bucket(Bucket entered) {
        bucket = entered.name();
        crc.add(entered.nameAt(), entered.nameLength());
        next.bucket(entered);
    }

    @Override
    public void element(long page, int index, long key, int keyLength, long valueLength) {
        crc.add(key, keyLength + valueLength);
        next.element(page, index, key, keyLength, valueLength);
        if (keyLength > LONGEST || valueLength > LONGEST) {
            return;
        }
        switch (bucket) {
            case "meta" -> {
                if (text(key, keyLength).equals("storageVersion")) {
                    storageVersion = text(key + keyLength, valueLength);
                }
            }
            default -> cluster.see(bucket, key, keyLength, valueLength);
        }
    }

    private String text(long at, long length) {
        return file.text(at, Math.toIntExact(length));
    }

    long hash() {
        return crc.value();
    }

    @Nullable
    String storageVersion() {
        return storageVersion;
    }

    /** The members and alarms. */
    ClusterRows cluster() {
        return cluster;
    }
}
