package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a directory. */
class FilesystemContractTests extends ObjectStoreContract {

    @TempDir
    Path directory;

    @Override
    ObjectStore open() throws IOException {
        Files.createFile(directory.resolve(TargetDirectory.MARK));
        return FilesystemStore.open(directory);
    }

    @Test
    void nothingIsLocked() {
        var lock = new ObjectLock(ObjectLock.Mode.GOVERNANCE, Instant.now().plusSeconds(60));
        store.put("a", bytes(1), true);

        Failed.by(store::requireLocks).with(Code.REFUSED, "nothing can be locked in a directory");
        Failed.by(() -> store.lock("a", null, lock)).with(Code.REFUSED, "nothing can be locked");
        Failed.by(() -> store.put("b", bytes(1), true, lock)).with(Code.REFUSED, "nothing can be locked");
        Failed.by(() -> store.begin("b", lock, _ -> {})).with(Code.REFUSED, "nothing can be locked");
        assertThat(list("")).extracting(StoredObject::key).containsExactly("a");
    }

    @Override
    List<String> left() {
        try (var files = Files.walk(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".tmp"))
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
