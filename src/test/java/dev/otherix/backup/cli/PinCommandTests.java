package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PinCommandTests {

    private static final String NAME = "otherix-20260606T031500Z.db";
    private static final String TOKEN = "a-token-that-nobody-made";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path etc;

    @ParameterizedTest
    @CsvSource({"pin,true", "unpin,false"})
    void theServiceIsAskedAndTheNamePrinted(String command, boolean pinned) {
        try (var service = new ScriptedService(200, record(pinned))) {
            for (var name : new String[] {NAME, "latest", "/var/backups/" + NAME}) {
                out.getBuffer().setLength(0);
                assertThat(run(service, command, name)).isZero();
                assertThat(out.toString()).isEqualTo(NAME + System.lineSeparator());
                var asked = name.equals("latest") ? name : NAME;
                assertThat(service.last())
                        .isEqualTo(new ScriptedService.Request(
                                "PATCH",
                                "/v1/snapshots/" + asked,
                                "application/json",
                                "Bearer " + TOKEN,
                                "{\"pinned\":" + pinned + "}"));
            }
            assertThat(err.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | not_found         | Check which names otherix-etcd-backup list shows
            403 | permission_denied | Give a token of scope operate
            507 | directory_failed  | Make room
            """)
    void aRefusalIsToldWithWhatToDo(int status, String code, String fix) {
        try (var service = new ScriptedService(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"why\"}}")) {
            assertThat(run(service, "unpin", NAME)).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("otherix-etcd-backup: " + NAME + " is not unpinned: " + code + ": why")
                    .contains(fix);
            assertThat(err.toString().lines()).hasSize(2);
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void anAnswerThatSaysOtherwiseIsNoSuccess() {
        try (var service = new ScriptedService(200, record(false))) {
            assertThat(run(service, "pin", NAME)).isEqualTo(1);
            assertThat(err.toString()).contains("is not this service");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pin           | Missing required parameter
            pin x         | is not the name of a snapshot such as otherix-20260606T031500Z.db, and not latest
            pin ../latst  | is not the name of a snapshot
            pin latest b  | unknown argument: b
            unpin --pin latest | unknown option: --pin
            """)
    void badUsageIsToldAndNothingIsAsked(String args, String message) {
        try (var service = new ScriptedService(200, record(true))) {
            assertThat(run(service, args.split(" "))).isEqualTo(2);
            assertThat(err.toString()).contains(message).doesNotContain("\tat ");
            assertThat(service.last()).isNull();
        }
    }

    private static String record(boolean pinned) {
        return "{\"name\":\"" + NAME + "\",\"pinned\":" + pinned + "}";
    }

    private int run(ScriptedService service, String... args) {
        return new Commands(
                        _ -> new Service(service.address(), tokenFile(), new TlsProperties(null, null, null)),
                        _ -> Optional.empty(),
                        new PrintWriter(out),
                        new PrintWriter(err))
                .run(args);
    }

    private Path tokenFile() {
        try {
            return PrivateFile.write(etc.resolve("api-token"), TOKEN + "\n");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
