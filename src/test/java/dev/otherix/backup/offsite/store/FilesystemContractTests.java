package dev.otherix.backup.offsite.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
