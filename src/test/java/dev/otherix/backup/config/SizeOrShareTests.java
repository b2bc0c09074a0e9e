package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeOrShareTests {

    @ParameterizedTest
    @CsvSource({"5%,50", "5 %,50", "0%,0", "0.5%,5", "99.999%,999", "10,10", "1KB,1024"})
    void ofAThousandBytes(String text, long bytes) {
        assertThat(SizeOrShare.parse(text).of(1000)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"5%,461168601842738790", "99%,9131138316486228048"})
    void thePartOfTheLargestWholeIsExact(String text, long bytes) {
        assertThat(SizeOrShare.parse(text).of(Long.MAX_VALUE)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5percent", "%", "-5%", "5%%", "1e2%", "x", "5 MB%", "99999999999TB"})
    void anythingElseIsNeither(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeOrShare.parse(text))
                .withMessage("is neither a size nor a percentage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "101%"})
    void allOfItIsTooMuch(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeOrShare.parse(text))
                .withMessage("is not below 100%");
    }
}
