package dev.otherix.backup.verify.bolt;

/**
 * A top-level bucket.
 *
 * @param name as text; bytes that are no UTF-8 are replaced
 * @param nameAt offset of its name
 * @param nameLength in bytes
 * @param root the page of its tree, 0 where the bucket lies inside a page of another tree
 * @param inlineAt offset of its page inside that page, where {@code root} is 0
 * @param inlineLength in bytes
 * @param page where the bucket is listed
 */
public record Bucket(String name, long nameAt, int nameLength, long root, long inlineAt, long inlineLength, long page) {

    boolean inline() {
        return root == 0;
    }
}
