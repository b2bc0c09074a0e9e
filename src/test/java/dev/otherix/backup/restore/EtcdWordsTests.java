package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EtcdWordsTests {

    @Test
    void graveLinesAreTakenAndTheLastOfThem() {
        assertThat(EtcdWords.of(List.of(
                        "{\"level\":\"error\",\"msg\":\"first\"}",
                        "{\"level\":\"error\",\"msg\":\"second\",\"stacktrace\":\"many lines\"}",
                        "{\"level\":\"info\",\"msg\":\"routine\"}",
                        "{\"level\":\"panic\",\"msg\":\"third\",\"error\":\"why\"}",
                        "panic: third",
                        "goroutine 1 [running]:")))
                .isEqualTo("second; third: why; panic: third");
    }

    @Test
    void withoutAGraveLineTheLastOnesAreTaken() {
        assertThat(EtcdWords.of(List.of("a", "b\u0007", "", "{broken", "{\"msg\":\"last\"}")))
                .isEqualTo("b ; {broken; last");
        assertThat(EtcdWords.of(List.of("x".repeat(1000)))).hasSize(303);
        assertThat(EtcdWords.of(List.of())).isEqualTo("it printed nothing");
    }

    @Test
    void ofEndlessOutputTheEndIsKept() throws InterruptedException {
        var printed = "line\n".repeat(100_000) + "the end\n";
        var output = ChildOutput.of(new ByteArrayInputStream(printed.getBytes(StandardCharsets.UTF_8)));
        output.awaitEnd(Duration.ofSeconds(30));

        assertThat(output.lines()).hasSizeLessThan(5000).endsWith("line", "the end");
    }

    @Test
    void noPathOfThisHostIsLeft() {
        var paths = new HiddenPaths(new DrillOrder(
                Path.of("/data/a.db"),
                Path.of("/var/lib/my backups"),
                Optional.of(Path.of("/opt/etcd 3/etcd")),
                0,
                DrillOrder.Words.SETTINGS));

        assertThat(paths.in("cannot open /var/lib/my backups/.otherix-etcd-backup.drill/data/member: no"))
                .isEqualTo("cannot open .otherix-etcd-backup.drill/data/member: no");
        assertThat(paths.in("/opt/etcd 3/etcd cannot work in /var/lib/my backups"))
                .isEqualTo("drill.etcd cannot work in workers.backup.dir");
        assertThat(paths.in("open \"/etc/ssl/openssl.cnf\", http://127.0.0.1:1/version, 3/4, a / b"))
                .isEqualTo("open \"openssl.cnf\", http://127.0.0.1:1/version, 3/4, a / b");
    }
}
