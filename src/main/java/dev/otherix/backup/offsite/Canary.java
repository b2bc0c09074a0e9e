package dev.otherix.backup.offsite;

import java.nio.charset.StandardCharsets;

/** The small encrypted file in each folder, by which a person proves that an identity opens what lies there. */
final class Canary {

    /** What it holds. */
    static final byte[] TEXT = "otherix-etcd-backup canary\n".getBytes(StandardCharsets.US_ASCII);

    private Canary() {}
}
