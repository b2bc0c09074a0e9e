package dev.otherix.backup.realetcd;

import java.nio.file.Path;
import java.util.List;

/** The distribution's etcd-server and etcd-client. */
record EtcdPackages(DistributionPackages<EtcdHome> packages) implements EtcdSource {

    private static final DistributionPackages.Wanted WANTED = new DistributionPackages.Wanted(
            "",
            List.of("etcd-server", "etcd-client"),
            List.of("etcd", "etcdctl", "etcdutl"),
            List.of("forky", "trixie", "bookworm"));

    EtcdPackages(HomeCache<EtcdHome> cache, Path osRelease) {
        this(new DistributionPackages<>(cache, WANTED, osRelease));
    }

    @Override
    public String howTo() {
        return packages.howTo();
    }

    @Override
    public List<EtcdHome> homes() {
        return List.of(packages.home());
    }
}
