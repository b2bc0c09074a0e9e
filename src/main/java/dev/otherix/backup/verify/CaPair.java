package dev.otherix.backup.verify;

import java.util.Arrays;

/**
 * Certificate and private key of the active cluster CA, as PEM. The key is a secret; {@link #close} overwrites it.
 *
 * @param certificate PEM
 * @param key PEM
 */
public record CaPair(byte[] certificate, byte[] key) implements AutoCloseable {

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }

    /** Does not show the content. */
    @Override
    public String toString() {
        return "CaPair[" + certificate.length + " and " + key.length + " bytes]";
    }
}
