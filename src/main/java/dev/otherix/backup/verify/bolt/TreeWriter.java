package dev.otherix.backup.verify.bolt;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes one tree from its rows: leaves from left to right, and above them the branches, one open page for each level.
 */
final class TreeWriter {

    /** As bbolt: a page is closed with two elements at least, so that large rows share their last page. */
    private static final int FEWEST = 2;

    private final PageOutput output;
    private final int pageSize;
    private final List<Element> leaf = new ArrayList<>();
    private long leafBytes = Page.HEADER;
    private final List<Branch> branches = new ArrayList<>();

    TreeWriter(PageOutput output, int pageSize) {
        this.output = output;
        this.pageSize = pageSize;
    }

    /** An open page above the leaves. */
    private static final class Branch {

        private final List<Child> children = new ArrayList<>();
        private long bytes = Page.HEADER;
    }

    /** A page that is written, with its smallest key. */
    private record Child(byte[] key, long page) {

        int bytes() {
            return Page.ELEMENT + key.length;
        }
    }

    /** Adds the next row: its key is greater than those before. */
    void add(Element row) {
        var bytes = row.valueLength() + row.keyLength() + Page.ELEMENT;
        if (full(leaf.size(), leafBytes + bytes)) {
            closeLeaf();
        }
        leaf.add(row);
        leafBytes += bytes;
    }

    private boolean full(int elements, long bytes) {
        return elements >= FEWEST && bytes > pageSize;
    }

    private void closeLeaf() {
        var page = output.leaf(leaf, leafBytes);
        append(0, new Child(leaf.getFirst().key(), page));
        leaf.clear();
        leafBytes = Page.HEADER;
    }

    private void append(int level, Child child) {
        if (branches.size() == level) {
            branches.add(new Branch());
        }
        var branch = branches.get(level);
        if (full(branch.children.size(), branch.bytes + child.bytes())) {
            closeBranch(level);
        }
        branch.children.add(child);
        branch.bytes += child.bytes();
    }

    private void closeBranch(int level) {
        var branch = branches.get(level);
        var page = output.branch(
                branch.children.stream().map(Child::key).toList(),
                branch.children.stream().mapToLong(Child::page).toArray(),
                branch.bytes);
        append(level + 1, new Child(branch.children.getFirst().key(), page));
        branch.children.clear();
        branch.bytes = Page.HEADER;
    }

    /** Whether it has no row. */
    boolean isEmpty() {
        return leaf.isEmpty() && branches.isEmpty();
    }

    /** Writes what is open; returns the page of the root. A tree without rows has a leaf without elements. */
    long finish() {
        if (branches.isEmpty()) {
            return output.leaf(leaf, leafBytes);
        }
        if (!leaf.isEmpty()) {
            closeLeaf();
        }
        for (var level = 0; level < branches.size() - 1; level++) {
            closeBranch(level);
        }
        var top = branches.getLast();
        if (top.children.size() == 1) {
            return top.children.getFirst().page();
        }
        closeBranch(branches.size() - 1);
        return branches.getLast().children.getFirst().page();
    }
}
