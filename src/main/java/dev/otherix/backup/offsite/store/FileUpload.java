package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/**
 * An object that grows under a hidden name. Each part is synced when it is written, so that no single sync takes long.
 */
final class FileUpload implements ObjectStore.Upload {

    private static final int PIECE = 64 << 10;

    private final FileCalls calls;
    private final String key;
    private final FileKey file;
    private final String id;
    private final FileChannel channel;
    private long bytes;
    private boolean completed;

    private FileUpload(FileCalls calls, String key, String id, FileChannel channel) {
        this.calls = calls;
        this.key = key;
        this.file = FileKey.of(key);
        this.id = id;
        this.channel = channel;
    }

    static FileUpload of(FileCalls calls, String key, String id) {
        var file = FileKey.of(key);
        return new FileUpload(calls, key, id, calls.make("beginning " + key, 0, (target, _) -> {
            try (var folder = target.make(file.folders())) {
                return folder.create(file.unfinished(id));
            }
        }));
    }

    @Override
    public void part(byte[] content, int length, LongConsumer sent) {
        calls.make("writing " + key, length, (_, progress) -> {
            for (var from = 0; from < length; from += PIECE) {
                var piece = ByteBuffer.wrap(content, from, Math.min(PIECE, length - from));
                progress.slowDown(sent, piece.remaining());
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
                progress.moved();
            }
            channel.force(false);
            return key;
        });
        bytes += length;
    }

    @Override
    public StoredObject complete() {
        var made = calls.make("completing " + key, bytes, (target, progress) -> {
            channel.force(true);
            channel.close();
            progress.moved();
            try (var folder = target.make(file.folders())) {
                folder.replace(file.unfinished(id), file.file());
                progress.moved();
                return folder.file(file.file())
                        .map(found -> new StoredObject(
                                key,
                                found.size(),
                                null,
                                found.lastModifiedTime().toInstant(),
                                false))
                        .orElseThrow(() -> calls.failure(
                                Code.UNAVAILABLE, key + " was written, and another program has removed it", null));
            }
        });
        completed = true;
        return made;
    }

    @Override
    public void close() {
        if (completed) {
            return;
        }
        // on a file system that hangs it does not return
        Thread.ofPlatform().daemon().name("offsite-close").start(this::closeChannel);
        remove(calls, key, id);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException failed) {
            // the file is removed
        }
    }

    static void remove(FileCalls calls, String key, String id) {
        var file = FileKey.of(key);
        calls.make("removing what was written of " + key, 0, (target, _) -> {
            var folder = target.inner(file.folders());
            if (folder.isPresent()) {
                remove(folder.get(), file.unfinished(id));
            }
            return key;
        });
    }

    private static void remove(TargetDirectory folder, String unfinished) throws IOException {
        try (folder) {
            folder.delete(unfinished);
        }
    }
}
