package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opens a canary: who can, can open the copies that were made for the same recipients. */
final class OpenedCanary {

    private static final int MOST_BYTES = 1 << 16;

    private OpenedCanary() {}

    /** @throws CopyRefused if it is not there, does not open, or holds another text */
    static void require(ObjectStore store, String key, Identities identities) {
        try (var stream = store.read(key, null, 0, MOST_BYTES)) {
            var text = opened(key, stream.readNBytes(MOST_BYTES), identities);
            if (!Arrays.equals(text, Canary.TEXT)) {
                throw refused(CopyRefused.Reason.DIFFERENT, key, "it holds another text", null);
            }
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.NO_SUCH_OBJECT) {
                throw refused(CopyRefused.Reason.MISSING, key, "it is not there any more", failure);
            }
            throw failure;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static byte[] opened(String key, byte[] sealed, Identities identities) {
        try (var plain = identities.opened(new ByteArrayInputStream(sealed))) {
            return plain.readNBytes(MOST_BYTES);
        } catch (GeneralSecurityException notOpened) {
            throw refused(CopyRefused.Reason.CLOSED, key, "none of the identities opens it", notOpened);
        } catch (IOException damaged) {
            throw refused(CopyRefused.Reason.CHANGED, key, "it is damaged", damaged);
        }
    }

    private static CopyRefused refused(
            CopyRefused.Reason reason, String key, String problem, @Nullable Throwable cause) {
        return new CopyRefused(
                reason,
                key + ": " + problem,
                "The service writes it again with the next copy for new recipients.",
                cause);
    }
}
