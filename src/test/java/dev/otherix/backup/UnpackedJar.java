package dev.otherix.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The packaged jar as its own tools unpack it, beside an archive of the classes that a start loads. */
final class UnpackedJar implements AutoCloseable {

    private final Path directory;

    private UnpackedJar(Path directory) {
        this.directory = directory;
    }

    static UnpackedJar make() throws IOException, InterruptedException {
        var made = new UnpackedJar(Files.createTempDirectory("otherix-etcd-backup-unpacked-"));
        try {
            made.run(List.of(
                    JarProcess.javaProgram(),
                    "-Djarmode=tools",
                    "-jar",
                    JarProcess.JAR.toString(),
                    "extract",
                    "--destination",
                    made.jar().getParent().toString()));
            var training = made.with(
                    JarProcess.java(made.directory),
                    "-XX:ArchiveClassesAtExit=" + made.archive(),
                    // else a warning for each class that it leaves out hides why a start failed
                    "-Xlog:disable",
                    "-Xlog:all=error",
                    "-Dspring.context.exit=onRefresh");
            training.addAll(List.of(
                    "--api.listen=127.0.0.1:0",
                    "--etcd.client_url=http://127.0.0.1:1",
                    "--api.token_file=" + made.directory.resolve("api-token")));
            made.run(training);
            return made;
        } catch (IOException | InterruptedException | RuntimeException broken) {
            made.close();
            throw broken;
        }
    }

    /** {@code line}, which ends in {@code -jar JAR}, so that it starts this one. */
    List<String> started(List<String> line) {
        return with(line, "-XX:SharedArchiveFile=" + archive());
    }

    private List<String> with(List<String> line, String... flags) {
        var changed = new ArrayList<>(line);
        changed.set(changed.size() - 1, jar().toString());
        changed.addAll(1, List.of(flags));
        return changed;
    }

    private Path jar() {
        return directory.resolve("service").resolve(JarProcess.JAR.getFileName());
    }

    private Path archive() {
        return directory.resolve("classes.jsa");
    }

    private void run(List<String> line) throws IOException, InterruptedException {
        var output = directory.resolve("output").toFile();
        var exit = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException(line + " ended with " + exit + ":\n" + Files.readString(output.toPath()));
        }
    }

    @Override
    public void close() throws IOException {
        FileSystemUtils.deleteRecursively(directory);
    }
}
