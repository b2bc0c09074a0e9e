package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTests {

    @ParameterizedTest
    @CsvSource({
        "6h,PT6H",
        "1h30m,PT1H30M",
        "90s,PT1M30S",
        "1.5h,PT1H30M",
        "300ms,PT0.3S",
        ".5s,PT0.5S",
        "1.s,PT1S",
        "-1h,PT-1H",
        "+1h,PT1H",
        "0,PT0S",
        "-0,PT0S",
        "0s,PT0S",
        "2us,PT0.000002S",
        "2\u00b5s,PT0.000002S",
        "2\u03bcs,PT0.000002S",
        "7ns,PT0.000000007S",
        "0.5ns,PT0S",
        "1h1m1s1ms,PT1H1M1.001S",
        "30m1h,PT1H30M",
        "PT6H,PT6H",
        "P1D,PT24H",
        "-PT6H,PT-6H",
        "pt15m,PT15M",
        "2562047h47m16.854775807s,PT2562047H47M16.854775807S"
    })
    void readsWhatGoReadsAndIsoToo(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30|is a number without its unit",
                "1.5|is a number without its unit",
                "1h30|is a number without its unit",
                "-5|is a number without its unit",
                "7d|has the unknown unit 'd' (h, m, s, ms, us and ns are known)",
                "6H|has the unknown unit 'H' (h, m, s, ms, us and ns are known)",
                "1h 30m|has the unknown unit 'h ' (h, m, s, ms, us and ns are known)",
                "\"\"|is not a duration",
                "h|is not a duration",
                "-|is not a duration",
                "--1h|is not a duration",
                "1h-30m|is not a duration",
                "PT|is not an ISO-8601 duration",
                "P1Y|is not an ISO-8601 duration",
                "2562047h47m16.854775808s|is longer than a duration can be (292 years)",
                "PT2562048H|is longer than a duration can be (292 years)"
            },
            quoteCharacter = '"')
    void saysWhyATextIsNoDuration(String text, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoDuration.parse(text))
                .withMessage(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "PT6H,6h",
        "PT1H30M,1h30m",
        "PT1M30S,90s",
        "PT1M,1m",
        "PT2M5S,2m5s",
        "PT1H0.5S,1h0.5s",
        "PT0.3S,300ms",
        "PT1.5S,1.5s",
        "PT0S,0s",
        "PT-1H,-1h",
        "PT0.0000015S,1.5us",
        "PT0.000000007S,7ns",
        "PT48H,48h"
    })
    void writesTheUsualForm(Duration duration, String expected) {
        assertThat(GoDuration.format(duration)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6h", "1h30m", "90s", "1m", "2m5s", "300ms", "1.5us", "7ns", "-1h", "0s", "1h0.5s"})
    void whatItWritesItReads(String text) {
        assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(text);
    }
}
