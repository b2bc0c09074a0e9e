package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The etcd that is installed.
 *
 * @param path colon separated directories, as in the variable {@code PATH}
 */
record SearchPath(String path) implements EtcdSource {

    @Override
    public String howTo() {
        return "install etcd and etcdctl so that they are on PATH, in one directory";
    }

    @Override
    public List<EtcdHome> homes() {
        var etcd = Arrays.stream(path.split(":"))
                .filter(entry -> !entry.isBlank())
                .map(entry -> Path.of(entry).resolve("etcd"))
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst()
                .orElseThrow(() -> new NoProgramException("no etcd on PATH"));
        return List.of(homeAround(etcd));
    }

    private static EtcdHome homeAround(Path etcd) {
        var found = etcd.toAbsolutePath().getParent();
        if (Files.isExecutable(found.resolve("etcdctl"))) {
            return EtcdHome.in(found, "PATH, " + found);
        }
        try {
            // a link on PATH often points into the directory that holds the siblings
            var real = etcd.toRealPath().getParent();
            return EtcdHome.in(real, "PATH, " + real);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot follow " + etcd, cause);
        }
    }
}
