package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.LongConsumer;

/** Writes pages one after the other, from the one behind the meta pages on, through one buffer. */
final class PageOutput {

    /** Of all numbers in the file. */
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final int BUFFER_BYTES = 1 << 20;
    private static final int METAS = 2;

    private final FileChannel target;
    private final int pageSize;
    private final LongConsumer written;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ORDER);
    private long nextPage = METAS;

    PageOutput(FileChannel target, int pageSize, LongConsumer written) {
        this.target = target;
        this.pageSize = pageSize;
        this.written = written;
        // the meta pages are written at the end, in this place
        zeros((long) METAS * pageSize);
    }

    /** The page that is written next. */
    long nextPage() {
        return nextPage;
    }

    /**
     * Writes a leaf.
     *
     * @param bytes of its header, elements, keys and values
     * @return its page
     */
    long leaf(List<Element> elements, long bytes) {
        var page = begin(Page.LEAF, elements.size(), bytes);
        var data = (long) Page.ELEMENT * elements.size();
        for (var element : elements) {
            room(Page.ELEMENT)
                    .putInt(element.flags())
                    .putInt(Math.toIntExact(data))
                    .putInt(element.keyLength())
                    .putInt(Math.toIntExact(element.valueLength()));
            // it counts from the element's own place
            data += element.keyLength() + element.valueLength() - Page.ELEMENT;
        }
        elements.forEach(element -> element.writeTo(this));
        end(bytes);
        return page;
    }

    /**
     * Writes a branch.
     *
     * @param keys the smallest key of each child
     * @return its page
     */
    long branch(List<byte[]> keys, long[] children, long bytes) {
        var page = begin(Page.BRANCH, children.length, bytes);
        var data = Page.ELEMENT * children.length;
        for (var i = 0; i < children.length; i++) {
            var length = keys.get(i).length;
            room(Page.ELEMENT).putInt(data).putInt(length).putLong(children[i]);
            data += length - Page.ELEMENT;
        }
        keys.forEach(this::put);
        end(bytes);
        return page;
    }

    private long begin(int flags, int count, long bytes) {
        var page = nextPage;
        var pages = (bytes + pageSize - 1) / pageSize;
        room(Page.HEADER)
                .putLong(page)
                .putShort((short) flags)
                .putShort((short) count)
                .putInt(Math.toIntExact(pages - 1));
        nextPage += pages;
        return page;
    }

    private void end(long bytes) {
        zeros(Math.floorMod(-bytes, pageSize));
        written.accept(nextPage * pageSize);
    }

    /** Appends bytes to the page. */
    void put(byte[] bytes) {
        for (int done = 0, part; done < bytes.length; done += part) {
            part = Math.min(bytes.length - done, room(1).remaining());
            buffer.put(bytes, done, part);
        }
    }

    /** Appends bytes of another file to the page. */
    void copy(BoltFile source, long at, long size) {
        for (long done = 0; done < size; ) {
            var before = room(1).position();
            source.copy(at + done, size - done, buffer);
            done += buffer.position() - before;
        }
    }

    private void zeros(long size) {
        for (var i = 0L; i < size; i++) {
            room(1).put((byte) 0);
        }
    }

    private ByteBuffer room(int size) {
        if (buffer.remaining() < size) {
            flush();
        }
        return buffer;
    }

    private void flush() {
        try {
            for (buffer.flip(); buffer.hasRemaining(); ) {
                target.write(buffer);
            }
            buffer.clear();
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    /** Writes the rest, and the two meta pages. */
    void metas(MetaPage first, MetaPage second) {
        flush();
        var pages = ByteBuffer.allocate(METAS * pageSize).order(ORDER);
        first.write(pages.slice(0, pageSize).order(ORDER), 0);
        second.write(pages.slice(pageSize, pageSize).order(ORDER), 1);
        try {
            while (pages.hasRemaining()) {
                target.write(pages, pages.position());
            }
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }
}
