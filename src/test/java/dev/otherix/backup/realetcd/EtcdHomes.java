package dev.otherix.backup.realetcd;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The real etcd of this machine, looked for once per JVM: the directories of {@code ETCD_HOMES} (colon separated, first
 * the one that most tests run against), else a container engine, else {@code PATH}, else the distribution's packages.
 * The first way that has one is used alone, and said on standard output. What is fetched stays in
 * {@code ${XDG_CACHE_HOME:-~/.cache}/otherix-etcd-backup}.
 */
public final class EtcdHomes {

    private EtcdHomes() {}

    /**
     * The etcd that most tests run against.
     *
     * @throws IllegalStateException when there is none; the message names the ways to give one
     */
    public static EtcdHome first() {
        return Once.FOUND.first();
    }

    /** Every etcd, first the one that most tests run against; empty when there is none. */
    public static List<EtcdHome> all() {
        return Once.FOUND.homes();
    }

    /** The first etcd of a line, such as {@code 3.6}. */
    public static Optional<EtcdHome> line(String line) {
        return all().stream().filter(home -> home.line().equals(line)).findFirst();
    }

    /** Why an etcd of this line is not there, for the reason of a test that was not run. */
    static String missing(String line) {
        return all().isEmpty()
                ? "needs etcd " + line + ": none found"
                : "needs etcd " + line + ": there is only " + all();
    }

    private static final class Once {
        static final EtcdHomeSearch.Found FOUND = announced(search());

        private static EtcdHomeSearch search() {
            var environment = System.getenv();
            var cache = HomeCache.directory(environment, Path.of(System.getProperty("user.home")));
            return EtcdHomeSearch.ofThisMachine(environment, new HomeCache<>(cache, EtcdHome::in));
        }

        private static EtcdHomeSearch.Found announced(EtcdHomeSearch search) {
            var found = search.run();
            System.out.println(found.announcement());
            return found;
        }
    }
}
