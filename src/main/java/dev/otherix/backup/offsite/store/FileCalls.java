package dev.otherix.backup.offsite.store;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.SystemError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes calls to the file system of a target, each within its limit, and puts what fails into words. */
final class FileCalls {

    private final Path target;
    private final Limits limits;
    private final TimedCalls calls;

    FileCalls(Path target, Limits limits) {
        this.target = target;
        this.limits = limits;
        this.calls = new TimedCalls("file://" + target);
    }

    /** Works in the directory of the target. */
    interface Work<T> {

        T in(TargetDirectory target, Progress progress) throws IOException;
    }

    Path target() {
        return target;
    }

    Limits limits() {
        return limits;
    }

    /** @param doing what it does, for messages: {@code "writing KEY"} */
    <T> T make(String doing, long bytes, Work<T> work) {
        var progress = new Progress();
        try {
            return calls.make(doing, progress, limits.silence(), limits.whole(bytes), () -> {
                try (var entered = TargetDirectory.enter(target)) {
                    progress.moved();
                    return work.in(entered, progress);
                }
            });
        } catch (ExecutionException failed) {
            throw failure(doing, failed.getCause());
        }
    }

    StoreFailure failure(String doing, @Nullable Throwable thrown) {
        if (thrown instanceof StoreFailure known) {
            return known.getMessage() != null && known.getMessage().startsWith("file://")
                    ? known
                    : failure(known.code(), String.valueOf(known.getMessage()), null);
        }
        if (thrown instanceof UncheckedIOException wrapped) {
            return failure(doing, wrapped.getCause());
        }
        if (thrown instanceof IOException broken) {
            return broken(doing, broken);
        }
        if (thrown instanceof RuntimeException unforeseen) {
            throw unforeseen;
        }
        if (thrown instanceof Error unforeseen) {
            throw unforeseen;
        }
        return failure(Code.REFUSED, doing + " failed", thrown);
    }

    StoreFailure failure(Code code, String message, @Nullable Throwable cause) {
        return new StoreFailure(code, "file://" + target + ": " + message, cause);
    }

    private StoreFailure broken(String doing, IOException broken) {
        if (SystemError.NO_SPACE.is(broken) || SystemError.OVER_QUOTA.is(broken)) {
            return failure(
                    Code.FULL, doing + " failed: no space is left, or a quota is reached. Make room there", broken);
        }
        if (SystemError.READ_ONLY.is(broken)) {
            return failure(
                    Code.DENIED,
                    doing
                            + " failed: the file system is read-only. Mount it for writing; under systemd also run: systemctl"
                            + " edit otherix-etcd-backup, and write ReadWritePaths=" + target + " below [Service]",
                    broken);
        }
        if (broken instanceof AccessDeniedException) {
            return failure(
                    Code.DENIED,
                    doing + " failed: the user " + UnreadableFile.user() + " may not do that. Run: chown -R "
                            + UnreadableFile.user() + " " + target,
                    broken);
        }
        return failure(Code.UNAVAILABLE, doing + " failed: " + words(broken), broken);
    }

    /** Java's message for some errors is only the path, or begins with it. */
    static String words(Exception broken) {
        @Nullable String said = broken instanceof FileSystemException ofFile ? ofFile.getReason() : broken.getMessage();
        return said == null ? broken.getClass().getSimpleName() : said;
    }
}
