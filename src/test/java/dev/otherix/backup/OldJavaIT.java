package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.otherix.backup.realetcd.Command;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The packaged jar on the Java that a machine has beside the one that it needs. */
class OldJavaIT {

    private static final int CLASS_FILE_OF_JAVA_17 = 61;

    @Test
    void whatTheJarStartsIsReadByTheJavaOfItsLoader() throws IOException {
        try (var jar = new JarFile(JarProcess.JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Start-Class"))
                    .isEqualTo(Launcher.class.getName());
            var launcher =
                    jar.getEntry("BOOT-INF/classes/" + Launcher.class.getName().replace('.', '/') + ".class");
            try (var bytes = new DataInputStream(jar.getInputStream(launcher))) {
                bytes.skipNBytes(6);
                assertThat(bytes.readUnsignedShort()).isEqualTo(CLASS_FILE_OF_JAVA_17);
            }
        }
    }

    @Test
    void anOlderJavaIsToldInOneLine() throws IOException {
        var old = java17();
        assumeTrue(old.isPresent(), "needs a Java 17 in /usr/lib/jvm");

        var answer = Command.of(old.get().toString(), "-jar", JarProcess.JAR.toString(), "list")
                .run();

        assertThat(answer.exitCode()).isOne();
        assertThat(answer.output()).isEmpty();
        assertThat(answer.errors())
                .isEqualTo("otherix-etcd-backup: needs Java 25 or newer, and "
                        + old.get().toRealPath() + " is Java 17. Start it with the bin/java of a JDK 25.\n");
    }

    private static Optional<Path> java17() throws IOException {
        if (!Files.isDirectory(Path.of("/usr/lib/jvm"))) {
            return Optional.empty();
        }
        try (var homes = Files.newDirectoryStream(Path.of("/usr/lib/jvm"), "*17*")) {
            for (var home : homes) {
                if (Files.isExecutable(home.resolve("bin/java"))) {
                    return Optional.of(home.resolve("bin/java"));
                }
            }
        }
        return Optional.empty();
    }
}
