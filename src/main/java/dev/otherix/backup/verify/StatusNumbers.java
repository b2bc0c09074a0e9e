package dev.otherix.backup.verify;

/**
 * What {@code etcdutl snapshot status} prints for a file.
 *
 * @param hash CRC-32C over all buckets, unsigned
 * @param revision of the last row
 * @param totalKey35 entries of all buckets, as 3.5 and earlier count
 * @param totalKey36 live keys, as 3.6 counts: with the row that a raised revision adds
 * @param totalSize bytes of the database, without footer
 */
public record StatusNumbers(long hash, long revision, long totalKey35, long totalKey36, long totalSize) {}
