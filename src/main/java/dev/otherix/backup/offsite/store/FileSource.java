package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a target, read from its disk and not from this host's memory, where the file system can do that. Where it
 * cannot, this is said once.
 */
final class FileSource implements FarStream.Source {

    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    private final FileCalls calls;
    private final String key;
    private final FileKey file;
    private final long offset;
    private final long length;
    private final AtomicBoolean remarked;

    FileSource(FileCalls calls, String key, long offset, long length, AtomicBoolean remarked) {
        this.calls = calls;
        this.key = key;
        this.file = FileKey.of(key);
        this.offset = offset;
        this.length = length;
        this.remarked = remarked;
    }

    @Override
    public String doing() {
        return "reading " + key;
    }

    @Override
    public InputStream open() throws IOException {
        try (var target = TargetDirectory.enter(calls.target())) {
            var folder = target.inner(file.folders());
            if (folder.isEmpty()) {
                throw missing();
            }
            try (var entered = folder.get()) {
                // to open anything but a file can take for ever
                if (entered.file(file.file()).isEmpty()) {
                    throw missing();
                }
                return open(entered);
            }
        }
    }

    private StoreFailure missing() {
        return calls.failure(Code.NO_SUCH_OBJECT, doing() + ": there is no such file", null);
    }

    private InputStream open(TargetDirectory folder) throws IOException {
        try {
            var block = Files.getFileStore(folder.path().resolve(file.file())).getBlockSize();
            return new DirectStream(folder.read(file.file(), direct()), Math.toIntExact(block), offset, length);
        } catch (IOException | UnsupportedOperationException | ArithmeticException refused) {
            if (!remarked.getAndSet(true)) {
                LOG.info(
                        "file://{}: its file system does not read past the memory of this host ({}), so reading back"
                                + " shows what was sent, not what lies on its disk",
                        calls.target(),
                        FileCalls.words(refused));
            }
            return buffered(folder.read(file.file()));
        }
    }

    /** By its name: the compiler warns of an option that only this kind of Java has. */
    private static OpenOption direct() {
        try {
            for (var option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT") && option instanceof OpenOption direct) {
                    return direct;
                }
            }
        } catch (ClassNotFoundException anotherJava) {
            throw new UnsupportedOperationException("this Java has no direct reads", anotherJava);
        }
        throw new UnsupportedOperationException("this Java has no direct reads");
    }

    private InputStream buffered(FileChannel channel) throws IOException {
        channel.position(offset);
        return new Bounded(Channels.newInputStream(channel), length);
    }

    @Override
    public void abort() {
        // a read that waits for a disk cannot be ended
    }

    @Override
    public StoreFailure failure(Code code, String problem, @Nullable Throwable thrown) {
        return thrown == null ? calls.failure(code, doing() + ": " + problem, null) : calls.failure(doing(), thrown);
    }
}
