package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls by curl that the pages show, and what the page about alerts asks etcd. */
@NeedsEtcd
@NeedsProgram("curl")
class DocumentedCallsIT {

    private static final Runbook API = new Runbook(Path.of("src/site/markdown/api.md"));
    private static final Runbook SECURITY = new Runbook(Path.of("src/site/markdown/security.md"));
    private static final Runbook ALERTS = new Runbook(Path.of("src/site/markdown/alerts.md"));

    @TempDir
    private static Path directory;

    private static EtcdProcess etcd;
    private static RunningService service;
    private static Path snapshot;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), 1 << 20, 8192);
        service = RunningService.start(etcd.clientUrl(), directory);
        snapshot = directory.resolve(RunningService.json(service.post("/v1/snapshots", "{}"))
                .get("name")
                .asString());
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    @Test
    void aSnapshotIsTakenAndCheckedAgain() {
        assertThat(run(API, "take-by-http", call()).output()).contains("\"pinned\":true", "before 1.4 upgrade");
        assertThat(run(API, "verify-by-http", call()).output()).contains("\"verified\"");
        assertThat(run(SECURITY, "status-by-http", call()).output()).contains("\"overdue\":");
    }

    @Test
    void aDownloadGoesOnWhereItBrokeOffAndIsComparedWithTheRecord() throws IOException {
        var newest = newest();
        var content = Files.readAllBytes(newest);
        var part = temporary.resolve(newest.getFileName());
        Files.write(part, Arrays.copyOf(content, content.length / 3));

        assertThat(run(API, "download", download()).output()).isEqualTo(newest.getFileName() + ": OK\n");
        assertThat(part).hasBinaryContent(content);
        assertThat(run(API, "download", download()).output()).as("once more").endsWith(": OK\n");
    }

    @Test
    void aDownloadOfOtherBytesIsNotOk() throws IOException {
        var newest = newest();
        Files.write(temporary.resolve(newest.getFileName()), new byte[4096]);

        assertThat(API.paste("download", EtcdHomes.first(), download()).exitCode())
                .isNotZero();
    }

    @Test
    void aMemberIsAskedForItsHashAtARevision() {
        var answer = run(
                        ALERTS,
                        "hash-of-a-member",
                        Map.of(
                                "URL",
                                etcd.clientUrl(),
                                "REVISION",
                                etcd.status().revision()))
                .output();

        assertThat(answer).contains("\"hash\":", "\"compact_revision\":");
    }

    private static Path newest() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".db"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static Map<String, Object> call() {
        return Map.of("URL", service.url("").toString(), "AUTH", "Authorization: Bearer " + service.token());
    }

    private Map<String, Object> download() {
        var variables = new HashMap<>(call());
        variables.put("DIR", temporary);
        return variables;
    }

    private static Command.Result run(Runbook page, String block, Map<String, ?> variables) {
        var result = page.run(block, EtcdHomes.first(), variables);
        assertThat(result.exitCode())
                .as(() -> block + ": " + result.errors() + result.output())
                .isZero();
        return result;
    }
}
