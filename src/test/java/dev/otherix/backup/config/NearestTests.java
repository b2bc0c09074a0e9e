package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTests {

    private static final List<String> WORDS =
            List.of("pin", "local", "reason", "timeout", "workers.backup.interval", "api.listen");

    @ParameterizedTest
    @CsvSource({
        "pinned,pin",
        "reasn,reason",
        "raeson,reason",
        "time,timeout",
        "locl,local",
        "workers.backup.intervall,workers.backup.interval",
        "api.listne,api.listen"
    })
    void aSlipIsRecognised(String wrong, String meant) {
        assertThat(Nearest.of(wrong, WORDS)).hasValue(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "foo", "", "p", "x.y", "audit.file", "colour", "logging.level"})
    void whatIsFarIsNotGuessed(String wrong) {
        assertThat(Nearest.of(wrong, WORDS)).isEmpty();
    }
}
