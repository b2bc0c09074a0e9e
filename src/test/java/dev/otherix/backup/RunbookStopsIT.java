package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator pastes stops where a member or a file is missing, in seconds, and makes nothing that looks like a
 * success.
 */
@NeedsEtcdutl
class RunbookStopsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Runbook runbook = Runbook.restore();

    @TempDir
    private Path temporary;

    @Test
    void noSnapshotOfASurvivorIsWaitedForWhereTheMemberHangs() {
        try (var member = EtcdProcess.start(EtcdHomes.first())) {
            member.pause();

            var stopped = stops("survivor-by-hand", Map.of("URL", member.clientUrl(), "WORK", work()));

            assertThat(stopped.errors()).contains("deadline exceeded");
            assertThat(work()).isEmptyDirectory();
        }
    }

    @Test
    void noSnapshotOfASurvivorIsWaitedForWhereNobodyListens() {
        try (var nobody = ReservedPort.take()) {
            var url = nobody.url("http");

            assertThat(stops("survivor-by-hand", Map.of("URL", url, "WORK", work()))
                            .errors())
                    .contains("connection refused");
            stops("ca-by-hand", Map.of("URL", url, "WORK", work()));

            assertThat(work()).isDirectoryNotContaining("glob:**.{db,crt,key}");
        }
    }

    @Test
    void aDataDirectoryThatIsNotThereGivesNoEmptySnapshot() {
        try (var client = ReservedPort.take();
                var peer = ReservedPort.take()) {
            stops(
                    "dead-member",
                    Map.of(
                            "DATA_DIR",
                            temporary.resolve("missing"),
                            "WORK",
                            work(),
                            "URL",
                            client.url("http"),
                            "PEER_URL",
                            peer.url("http")));

            assertThat(work()).isEmptyDirectory();
        }
    }

    @Test
    void aCopyThatEtcdRefusesEndsTheBlockAndTheLogIsNamed() throws IOException {
        var dataDir = Files.createDirectories(temporary.resolve("etcd/member/snap"))
                .getParent()
                .getParent();
        Files.writeString(dataDir.resolve("member/snap/db"), "no database");
        try (var client = ReservedPort.take();
                var peer = ReservedPort.take()) {
            var stopped = stops(
                    "dead-member",
                    Map.of(
                            "DATA_DIR",
                            dataDir,
                            "WORK",
                            work(),
                            "URL",
                            client.url("http"),
                            "PEER_URL",
                            peer.url("http")));

            assertThat(stopped.output()).contains("etcd has ended. Read " + work().resolve("etcd.log"));
            assertThat(work()).isDirectoryNotContaining("glob:**.db");
        }
    }

    @Test
    void aSnapshotThatIsNotThereStartsNoEmptyThrowawayMember() {
        try (var client = ReservedPort.take();
                var peer = ReservedPort.take()) {
            stops(
                    "rehearse",
                    Map.of(
                            "SNAPSHOT",
                            temporary.resolve("missing.db"),
                            "WORK",
                            work(),
                            "URL",
                            client.url("http"),
                            "PEER_URL",
                            peer.url("http")));

            assertThat(work().resolve("etcd.pid")).doesNotExist();
        }
    }

    @Test
    void aCaThatWasNotTakenOutLeavesTheOneOnDiskWhereItIs() throws IOException {
        var caDir = Files.createDirectory(temporary.resolve("ca"));
        var certificate = Files.writeString(caDir.resolve("cluster-ca.crt"), "of this host");

        var stopped = stops("ca-in", Map.of("WORK", work(), "CA_DIR", caDir, "OWNER", "nobody:nobody"));

        assertThat(stopped.output()).isEqualTo("no CA in " + work() + "\n");
        assertThat(certificate).hasContent("of this host");
    }

    @Test
    void whatAJoinerHasOfTheOldClusterIsNotCalledGoneWhereItCannotBeMoved() throws IOException {
        var dataDir = Files.createDirectory(temporary.resolve("etcd")).resolve(".");
        var caDir = Files.createDirectory(temporary.resolve("ca"));

        var stopped = stops("joiner", Map.of("DATA_DIR", dataDir, "CA_DIR", caDir));

        assertThat(stopped.output()).doesNotContain("nothing is left");
        assertThat(caDir).exists();
    }

    private Path work() {
        return temporary.resolve("otherix-restore");
    }

    private Command.Result stops(String block, Map<String, ?> variables) {
        var began = Instant.now();
        var result = runbook.paste(block, EtcdHomes.first(), variables);
        assertThat(result.exitCode())
                .as(() -> result.output() + result.errors())
                .isNotZero();
        assertThat(Duration.between(began, Instant.now())).isLessThan(SOON);
        return result;
    }
}
