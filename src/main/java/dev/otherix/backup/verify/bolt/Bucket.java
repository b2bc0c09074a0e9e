package dev.otherix.backup.verify.bolt;

/**
 * A top-level bucket.
 *
 * @param name as text; bytes that are not UTF-8 are replaced
 * @param nameAt offset of its name
 * @param nameLength in bytes
 * @param root the page of its tree, 0 if the bucket is inside a page of another tree
 * @param inlineAt offset of its page inside that page, if {@code root} is 0
 * @param inlineLength in bytes
 * @param page where the bucket is listed
 */
public record Bucket(String name, long nameAt, int nameLength, long root, long inlineAt, long inlineLength, long page) {

    boolean inline() {
        return root == 0;
    }
}
