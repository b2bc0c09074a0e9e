package dev.otherix.backup.realetcd;

import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * Takes the programs out of etcd's own image: tests then run the same processes whatever the machine has, and no
 * container ever starts.
 *
 * @param engineAnswers asked only when the cache has nothing
 */
record ContainerImage(HomeCache<EtcdHome> cache, BooleanSupplier engineAnswers) implements EtcdSource {

    private static final String VERSION = "v3.6.14";
    private static final String IMAGE = "gcr.io/etcd-development/etcd:" + VERSION;
    private static final List<String> PROGRAMS = List.of("etcd", "etcdctl", "etcdutl");

    @Override
    public String howTo() {
        return "start a container engine that Testcontainers finds and that can pull " + IMAGE;
    }

    @Override
    public List<EtcdHome> homes() {
        var name = "image-" + VERSION;
        var origin = "the image " + IMAGE;
        return List.of(cache.get(name, origin).orElseGet(() -> {
            if (!engineAnswers.getAsBoolean()) {
                throw new NoProgramException("no container engine answers");
            }
            return cache.keep(name, origin, ContainerImage::copyPrograms);
        }));
    }

    private static void copyPrograms(Path into) {
        var engine = DockerClientFactory.lazyClient();
        var container = engine.createContainerCmd(pulled()).exec().getId();
        try {
            for (var program : PROGRAMS) {
                try (var tar = engine.copyArchiveFromContainerCmd(container, "/usr/local/bin/" + program)
                        .exec()) {
                    unpack(tar, into.resolve(program));
                }
            }
        } catch (IOException | DockerException cause) {
            throw new NoProgramException("cannot copy programs out of " + IMAGE + ": " + cause.getMessage(), cause);
        } finally {
            engine.removeContainerCmd(container).withForce(true).exec();
        }
    }

    private static String pulled() {
        try {
            return new RemoteDockerImage(DockerImageName.parse(IMAGE)).get();
        } catch (RuntimeException cause) {
            throw new NoProgramException(
                    "the container engine cannot pull " + IMAGE + ": " + cause.getMessage(), cause);
        }
    }

    private static void unpack(InputStream archive, Path program) throws IOException {
        try (var tar = new TarArchiveInputStream(archive)) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    Files.copy(tar, program);
                    HomeCache.makeExecutable(program);
                    return;
                }
            }
        }
        throw new NoProgramException(IMAGE + " has no program " + program.getFileName());
    }
}
