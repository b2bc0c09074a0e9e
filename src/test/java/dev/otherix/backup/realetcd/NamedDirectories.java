package dev.otherix.backup.realetcd;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The directories that somebody named.
 *
 * @param setting colon separated, first the etcd that most tests run against; blank when nobody named any
 */
record NamedDirectories(String setting) implements EtcdSource {

    @Override
    public String howTo() {
        return "name directories with etcd, etcdctl and etcdutl in ETCD_HOMES, colon separated";
    }

    @Override
    public List<EtcdHome> homes() {
        if (setting.isBlank()) {
            throw new NoProgramException("not set");
        }
        return Arrays.stream(setting.split(":"))
                .filter(entry -> !entry.isBlank())
                .map(NamedDirectories::home)
                .toList();
    }

    private static EtcdHome home(String directory) {
        try {
            return EtcdHome.in(Path.of(directory.strip()), "ETCD_HOMES, " + directory.strip());
        } catch (NoProgramException cause) {
            throw new IllegalArgumentException("ETCD_HOMES: " + cause.getMessage(), cause);
        }
    }
}
