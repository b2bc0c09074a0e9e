package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SequencedMap;

/**
 * Writes database files as bbolt lays them out, of any size and page size, without holding more than one page and the
 * list of the pages' first keys. Entries come sorted.
 */
public final class BoltWriter implements AutoCloseable {

    /** A key with its value. */
    public record Entry(byte[] key, byte[] value) {

        public static Entry of(String key, String value) {
            return new Entry(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Child(byte[] firstKey, long page) {}

    private final FileChannel file;
    private final int pageSize;
    private long nextPage = 2;

    private BoltWriter(FileChannel file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    /** Writes a snapshot as etcd sends one: no freelist, both metas of one transaction, the footer at the end. */
    public static Path snapshot(Path path, int pageSize, SequencedMap<String, ? extends Iterable<Entry>> buckets)
            throws IOException {
        try (var writer = create(path, pageSize)) {
            writer.finish(buckets, MetaPage.NO_FREELIST, List.of());
            writer.footer();
        }
        return path;
    }

    /**
     * Writes a database without footer whose first pages are free, holes in the file, and named by a stored freelist.
     *
     * @param free how many pages are free, from page 2 on
     * @param named the pages that the freelist names
     */
    static Path withFreelist(
            Path path,
            int pageSize,
            SequencedMap<String, ? extends Iterable<Entry>> buckets,
            long free,
            List<Long> named)
            throws IOException {
        try (var writer = create(path, pageSize)) {
            writer.nextPage += free;
            writer.finish(buckets, 0, named);
        }
        return path;
    }

    /** Writes a database without footer and freelist that begins with so many free pages, holes in the file. */
    static Path sparse(Path path, int pageSize, SequencedMap<String, ? extends Iterable<Entry>> buckets, long free)
            throws IOException {
        try (var writer = create(path, pageSize)) {
            writer.nextPage += free;
            writer.finish(buckets, MetaPage.NO_FREELIST, List.of());
        }
        return path;
    }

    /** Writes a database without footer whose list of buckets is so many branch pages deep. */
    static Path deep(Path path, int pageSize, int depth) throws IOException {
        try (var writer = create(path, pageSize)) {
            for (int i = 0; i < depth; i++) {
                writer.write(branch(List.of(new Child(new byte[] {'a'}, writer.nextPage + 1))));
            }
            writer.write(leaf(List.of(), 0));
            writer.metas(2, MetaPage.NO_FREELIST);
        }
        return path;
    }

    /** As {@link #sign(ByteBuffer, int)}. */
    public static void sign(byte[] file, int offset) {
        sign(ByteBuffer.wrap(file), offset);
    }

    /** Makes the checksum of the meta page at {@code offset} right again. */
    static void sign(ByteBuffer file, int offset) {
        file.order(ByteOrder.LITTLE_ENDIAN).putLong(offset + 72, checksum(file, offset + 16));
    }

    /** Writes the right footer behind the first {@code length} bytes, and cuts what follows. */
    public static void seal(Path path, long length) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            new BoltWriter(channel, 0).footer();
        }
    }

    private static BoltWriter create(Path path, int pageSize) throws IOException {
        return new BoltWriter(
                FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                pageSize);
    }

    private void finish(SequencedMap<String, ? extends Iterable<Entry>> buckets, long freelist, List<Long> free)
            throws IOException {
        var listed = new ArrayList<Entry>();
        for (var bucket : buckets.entrySet()) {
            var value = little(Page.BUCKET_HEADER)
                    .putLong(tree(bucket.getValue().iterator()))
                    .putLong(0)
                    .array();
            listed.add(new Entry(bucket.getKey().getBytes(StandardCharsets.UTF_8), value));
        }
        var root = write(leaf(listed, Page.BUCKET_ELEMENT));
        long freelistPage = freelist == MetaPage.NO_FREELIST ? freelist : freelist(free);
        metas(root, freelistPage);
    }

    private void metas(long root, long freelist) throws IOException {
        meta(0, root, freelist, 10);
        meta(1, root, freelist, 9);
    }

    private long freelist(List<Long> free) throws IOException {
        var escaped = free.size() >= 0xFFFF;
        var ids = little((free.size() + (escaped ? 1 : 0)) * Long.BYTES);
        if (escaped) {
            ids.putLong(free.size());
        }
        free.forEach(ids::putLong);
        var page = little(Page.HEADER + ids.capacity());
        page.putLong(0)
                .putShort((short) Page.FREELIST)
                .putShort((short) (escaped ? 0xFFFF : free.size()))
                .putInt(0)
                .put(ids.array());
        return write(page.array());
    }

    /** The root page of a tree of these entries. */
    private long tree(Iterator<Entry> entries) throws IOException {
        var children = new ArrayList<Child>();
        var filling = new ArrayList<Entry>();
        long bytes = Page.HEADER;
        while (entries.hasNext()) {
            var entry = entries.next();
            long size = Page.ELEMENT + entry.key().length + entry.value().length;
            if (!filling.isEmpty() && bytes + size > pageSize) {
                children.add(new Child(filling.getFirst().key(), write(leaf(filling, 0))));
                filling.clear();
                bytes = Page.HEADER;
            }
            filling.add(entry);
            bytes += size;
        }
        children.add(
                new Child(filling.isEmpty() ? new byte[0] : filling.getFirst().key(), write(leaf(filling, 0))));
        List<Child> level = children;
        while (level.size() > 1) {
            level = parents(level);
        }
        return level.getFirst().page();
    }

    private List<Child> parents(List<Child> level) throws IOException {
        var parents = new ArrayList<Child>();
        for (int from = 0; from < level.size(); ) {
            var to = from;
            for (var bytes = Page.HEADER; to < level.size(); to++) {
                bytes += Page.ELEMENT + level.get(to).firstKey().length;
                if (bytes > pageSize && to - from >= 2) {
                    break;
                }
            }
            var children = level.subList(from, to);
            parents.add(new Child(children.getFirst().firstKey(), write(branch(children))));
            from = to;
        }
        return parents;
    }

    private static byte[] branch(List<Child> children) {
        var data = Page.HEADER + children.size() * Page.ELEMENT;
        var page = little(data
                + children.stream().mapToInt(child -> child.firstKey().length).sum());
        page.putLong(0)
                .putShort((short) Page.BRANCH)
                .putShort((short) children.size())
                .putInt(0);
        var at = data;
        for (var child : children) {
            page.putInt(at - page.position()).putInt(child.firstKey().length).putLong(child.page());
            at += child.firstKey().length;
        }
        children.forEach(child -> page.put(child.firstKey()));
        return page.array();
    }

    /** A leaf page, its header without id and run. */
    static byte[] leaf(List<Entry> entries, int flags) {
        var data = Page.HEADER + entries.size() * Page.ELEMENT;
        var page = little(data
                + entries.stream()
                        .mapToInt(entry -> entry.key().length + entry.value().length)
                        .sum());
        page.putLong(0)
                .putShort((short) Page.LEAF)
                .putShort((short) entries.size())
                .putInt(0);
        var at = data;
        for (var entry : entries) {
            page.putInt(flags)
                    .putInt(at - page.position() + Integer.BYTES)
                    .putInt(entry.key().length)
                    .putInt(entry.value().length);
            at += entry.key().length + entry.value().length;
        }
        entries.forEach(entry -> page.put(entry.key()).put(entry.value()));
        return page.array();
    }

    private long write(byte[] content) throws IOException {
        var id = nextPage;
        var run = Math.ceilDiv(content.length, pageSize);
        var page = little(run * pageSize);
        page.put(content).putLong(0, id).putInt(12, run - 1);
        writeAt(page.array(), id * pageSize);
        nextPage += run;
        return id;
    }

    private void meta(long id, long root, long freelist, long txid) throws IOException {
        var page = little(pageSize);
        page.putLong(id).putShort((short) Page.META).putShort((short) 0).putInt(0);
        page.putInt(0xED0CDAED)
                .putInt(2)
                .putInt(pageSize)
                .putInt(0)
                .putLong(root)
                .putLong(0)
                .putLong(freelist)
                .putLong(nextPage)
                .putLong(txid);
        page.putLong(checksum(page, Page.HEADER));
        writeAt(page.array(), id * pageSize);
    }

    private static long checksum(ByteBuffer bytes, int struct) {
        long sum = 0xcbf29ce484222325L;
        for (int i = 0; i < 56; i++) {
            sum = (sum ^ Byte.toUnsignedLong(bytes.get(struct + i))) * 0x100000001b3L;
        }
        return sum;
    }

    private void footer() throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = ByteBuffer.allocate(1 << 20);
            for (long at = 0; file.read(buffer.clear(), at) > 0; at += buffer.limit()) {
                digest.update(buffer.flip());
            }
            writeAt(digest.digest(), file.size());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private void writeAt(byte[] bytes, long at) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer, at + buffer.position());
        }
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
