package dev.otherix.backup;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The service beside a throwaway etcd that holds what an otherix control plane keeps there, to try it out:
 * {@code ./mvnw spring-boot:test-run}. Everything is in temporary directories, and gone when it is stopped.
 */
public final class TestOtherixEtcdBackup {

    private static final int VIRTUAL_MACHINES = 40;
    private static final int USUAL_PORT = 8090;

    private TestOtherixEtcdBackup() {}

    /** Further settings of the service may be given as arguments. */
    public static void main(String[] args) throws IOException {
        var work = Files.createTempDirectory("otherix-etcd-backup-");
        // after the service has stopped; etcd ends with this process
        SpringApplication.getShutdownHandlers().add(() -> remove(work));
        var etcd = EtcdProcess.start(EtcdHomes.first());
        var seeded = OtherixKeyspace.seed(etcd.clientUrl(), VIRTUAL_MACHINES);
        var ca = Files.writeString(work.resolve("cluster-ca.crt"), seeded.ca().certificatePem());
        var snapshots = work.resolve("snapshots");

        System.setProperty("otherix.etc", work.toString());
        var settings = new ArrayList<>(List.of(
                "--etcd.client_url=" + etcd.clientUrl(),
                "--cluster_ca.cert_file=" + ca,
                "--workers.backup.enabled=true",
                "--workers.backup.interval=1m",
                "--workers.backup.dir=" + snapshots,
                "--api.token_file=" + work.resolve("api-token"),
                "--audit.file=" + work.resolve("audit.log"),
                "--api.listen=127.0.0.1:" + freePort()));
        settings.addAll(List.of(args));
        var context = SpringApplication.run(OtherixEtcdBackup.class, settings.toArray(String[]::new));

        var port = ((WebServerApplicationContext) context).getWebServer().getPort();
        var tokenFile = work.resolve("api-token");
        var token = "-H 'Authorization: Bearer "
                + (Files.exists(tokenFile) ? Files.readString(tokenFile).strip() : "TOKEN") + "'";
        System.out.println(
                greeting("http://127.0.0.1:" + port, etcd, seeded, snapshots, token, work.resolve("audit.log")));
    }

    private static String greeting(
            String url, EtcdProcess etcd, OtherixKeyspace.Seeded seeded, Path snapshots, String token, Path audit) {
        return """

                ------------------------------------------------------------------------------------------
                The service runs at %1$s
                beside %2$s at %3$s, which holds the %4$d keys of a made-up otherix.
                It takes one snapshot immediately and one every minute, in %5$s

                Take one before maintenance, list them, ask how backups are (with jq, add: | jq):

                  curl -sS -w '\\n' --fail-with-body %6$s -X POST %1$s/v1/snapshots
                  curl -sS -w '\\n' %6$s %1$s/v1/snapshots
                  curl -sS -w '\\n' %6$s %1$s/v1/status

                Each change and each refusal is a line in %7$s

                Ctrl-C stops both and removes everything they wrote.
                ------------------------------------------------------------------------------------------
                """.formatted(url, etcd.home(), etcd.clientUrl(), seeded.liveKeys(), snapshots, token, audit);
    }

    /** The usual port, or 0 for any where that one is taken. */
    private static int freePort() {
        try (var _ = new ServerSocket(USUAL_PORT, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return USUAL_PORT;
        } catch (IOException taken) {
            return 0;
        }
    }

    private static void remove(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        }
    }
}
