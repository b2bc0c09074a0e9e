package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdHomesTests {

    @TempDir
    private Path temp;

    @Test
    void namedDirectoriesAreUsedInTheirOrder() throws IOException {
        var newer = fakeHome("newer", "3.6.14");
        var older = fakeHome("older", "3.4.23");

        var homes = new NamedDirectories(newer + ":" + older).homes();

        assertThat(homes).extracting(EtcdHome::version).containsExactly("3.6.14", "3.4.23");
        assertThat(homes).extracting(EtcdHome::line).containsExactly("3.6", "3.4");
        assertThat(homes).extracting(EtcdHome::dir).containsExactly(newer, older);
    }

    @Test
    void linesAreComparedAsNumbers() {
        assertThat(new EtcdHome(temp, "3.7.3", "").isSince("3.6")).isTrue();
        assertThat(new EtcdHome(temp, "3.6.14", "").isSince("3.6")).isTrue();
        assertThat(new EtcdHome(temp, "3.5.30", "").isSince("3.6")).isFalse();
        assertThat(new EtcdHome(temp, "3.10.0", "").isSince("3.9")).isTrue();
    }

    @Test
    void aNamedDirectoryWithoutEtcdIsAnErrorThatNamesItAndNoOtherWayIsTried() throws IOException {
        var good = fakeHome("good", "3.6.14");
        var empty = Files.createDirectory(temp.resolve("empty"));
        EtcdSource onPath = new SearchPath(good.toString());

        var found = new EtcdHomeSearch(List.of(new NamedDirectories(good + ":" + empty), onPath)).run();

        assertThatThrownBy(found::homes)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ETCD_HOMES: no program etcd in " + empty);
    }

    @Test
    void aNamedEtcdThatCannotRunIsAnErrorThatNamesIt() throws IOException {
        var broken = fakeHome("broken", "3.6.14");
        Files.writeString(broken.resolve("etcd"), "no program at all");

        assertThatThrownBy(() -> new NamedDirectories(broken.toString()).homes())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(broken.resolve("etcd").toString());
    }

    @Test
    void theFirstWayThatHasEtcdWins() throws IOException {
        var installed = fakeHome("installed", "3.5.16");
        var alsoInstalled = fakeHome("also", "3.4.23");

        var found = new EtcdHomeSearch(List.of(
                        new NamedDirectories(" "),
                        new SearchPath(temp.resolve("nowhere") + ":" + installed),
                        new SearchPath(alsoInstalled.toString())))
                .run();

        assertThat(found.first().version()).isEqualTo("3.5.16");
        assertThat(found.homes()).hasSize(1);
        assertThat(found.announcement()).isEqualTo("Real etcd for tests: 3.5.16 from PATH, " + installed);
    }

    @Test
    void aLinkOnPathLeadsToTheSiblings() throws IOException {
        var home = fakeHome("opt", "3.6.14");
        var bin = Files.createDirectory(temp.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("etcd"), home.resolve("etcd"));

        assertThat(new SearchPath(bin.toString()).homes())
                .singleElement()
                .extracting(EtcdHome::etcdctl)
                .isEqualTo(home.toRealPath().resolve("etcdctl"));
    }

    @Test
    void whereThereIsNoneTheErrorNamesEveryWayAndWhyItLedNowhere() {
        var cache = new HomeCache<EtcdHome>(temp.resolve("cache"), EtcdHome::in);

        var found = new EtcdHomeSearch(List.of(
                        new NamedDirectories(""),
                        new ContainerImage(cache, () -> false),
                        new SearchPath(temp.toString()),
                        new EtcdPackages(cache, temp.resolve("os-release"))))
                .run();

        assertThat(found.homes()).isEmpty();
        assertThatThrownBy(found::first)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "ETCD_HOMES", "(not set)",
                        "container engine", "(no container engine answers)",
                        "PATH", "(no etcd on PATH)",
                        "apt", "(no " + temp.resolve("os-release") + ")");
    }

    @Test
    void whatTheCacheHasIsUsedWithoutAskingTheContainerEngine() throws IOException {
        var kept = fakeHome("image-v3.6.14", "3.6.14");
        var image = new ContainerImage(new HomeCache<>(temp, EtcdHome::in), () -> {
            throw new AssertionError("asked");
        });

        assertThat(image.homes()).singleElement().extracting(EtcdHome::dir).isEqualTo(kept);
    }

    @Test
    void theNewestSuiteInTheCacheIsUsedWithoutANetwork() throws IOException {
        fakeHome("debian-bookworm", "3.4.23");
        fakeHome("debian-trixie", "3.5.16");
        var osRelease = Files.writeString(
                temp.resolve("os-release"), "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_CODENAME=bookworm\n");

        assertThat(new EtcdPackages(new HomeCache<>(temp, EtcdHome::in), osRelease).homes())
                .singleElement()
                .extracting(EtcdHome::version)
                .isEqualTo("3.5.16");
    }

    @Test
    void theCacheFollowsTheUsersSetting() {
        var home = Path.of("/home/me");
        assertThat(HomeCache.directory(Map.of(), home)).hasToString("/home/me/.cache/otherix-etcd-backup");
        assertThat(HomeCache.directory(Map.of("XDG_CACHE_HOME", "/caches"), home))
                .hasToString("/caches/otherix-etcd-backup");
    }

    @Test
    void ofTwoThatFetchAtOnceTheFirstWinsAndNothingIsLeftOver() throws IOException {
        var cache = new HomeCache<EtcdHome>(temp.resolve("cache"), EtcdHome::in);

        var kept = cache.keep("one", "slow", slow -> {
            fillWith(slow, "3.6.1");
            cache.keep("one", "quick", quick -> fillWith(quick, "3.6.2"));
        });

        assertThat(kept.version()).isEqualTo("3.6.2");
        try (var entries = Files.list(temp.resolve("cache"))) {
            assertThat(entries).containsExactly(temp.resolve("cache/one"));
        }
    }

    @Test
    void aFetchThatGivesNoWorkingEtcdKeepsNothing() throws IOException {
        var cache = new HomeCache<EtcdHome>(temp.resolve("cache"), EtcdHome::in);

        assertThatThrownBy(() -> cache.keep("one", "nowhere", into -> {})).isInstanceOf(NoProgramException.class);

        assertThat(cache.get("one", "nowhere")).isEmpty();
        assertThat(temp.resolve("cache")).isEmptyDirectory();
    }

    private Path fakeHome(String name, String version) throws IOException {
        return fillWith(Files.createDirectory(temp.resolve(name)), version);
    }

    private static Path fillWith(Path home, String version) {
        try {
            for (var program : List.of("etcd", "etcdctl")) {
                var script =
                        Files.writeString(home.resolve(program), "#!/bin/sh\necho 'etcd Version: " + version + "'\n");
                HomeCache.makeExecutable(script);
            }
            return home;
        } catch (IOException cause) {
            throw new java.io.UncheckedIOException("cannot write a fake etcd", cause);
        }
    }
}
