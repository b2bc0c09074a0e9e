package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotNameTests {

    private static final String VALID = "otherix-20260606T031500Z.db";

    @ParameterizedTest
    @ValueSource(
            strings = {
                VALID,
                "otherix-00000101T000000Z.db",
                "otherix-99991231T235959Z.db",
                "otherix-20240229T000000Z.db"
            })
    void aNameIsWrittenAsItWasRead(String text) {
        assertThat(SnapshotName.parse(text))
                .hasValueSatisfying(name -> assertThat(name).hasToString(text));
    }

    @Test
    void theNameHoldsTheTimeInUtc() {
        assertThat(SnapshotName.parse(VALID).orElseThrow().second()).isEqualTo(Instant.parse("2026-06-06T03:15:00Z"));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource
    void anythingElseIsNoName(String text) {
        assertThat(SnapshotName.parse(text)).isEmpty();
    }

    static Stream<String> anythingElseIsNoName() {
        return Stream.of(
                "",
                ".",
                "..",
                "../" + VALID,
                "/" + VALID,
                "a/" + VALID,
                "./" + VALID,
                "..\\" + VALID,
                VALID + "/..",
                "otherix-../../../../../.db",
                "otherix-20260606T03/500Z.db",
                "otherix-20260606T031500Z/db",
                VALID + "\0",
                "otherix-20260606T03150\0Z.db",
                VALID + "\n",
                VALID + " ",
                " " + VALID,
                VALID + "\u200b",
                "otherix-2026060\u0666T031500Z.db",
                "otherix-\uff12\uff10\uff12\uff16\uff10\uff16\uff10\uff16T031500Z.db",
                "otherix-20260606T031500z.db",
                "otherix-20260606t031500Z.db",
                "Otherix-20260606T031500Z.db",
                "otherix-20260606T031500Z.DB",
                "otherix-20261306T031500Z.db",
                "otherix-20260006T031500Z.db",
                "otherix-20260600T031500Z.db",
                "otherix-20260631T031500Z.db",
                "otherix-20260229T031500Z.db",
                "otherix-20260606T240000Z.db",
                "otherix-20260606T036000Z.db",
                "otherix-20261231T235960Z.db",
                "otherix-20260606T031561Z.db",
                "otherix-120260606T031500Z.db",
                "otherix-+2026060T031500Z.db",
                "otherix-+20260606T031500Z.db",
                "otherix--0010606T031500Z.db",
                "otherix-20260606 031500Z.db",
                "otherix-20260606T031500+.db",
                "otherix-20260606T0315.5Z.db",
                "otherix-2026-06-06T0315Z.db",
                VALID + ".tmp",
                VALID + ".corrupt",
                "." + VALID + ".tmp",
                "otherix-20260606T031500Z.json",
                "otherix-20260606T031500Z",
                "otherix-%2e%2e%2f0606T031500Z.db",
                "otherix-" + "9".repeat(1_000_000) + ".db",
                "x".repeat(10_000_000));
    }

    @Test
    void noChangeOfOneCharacterOpensTheDoor() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(VALID);
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(i % 2 == 0 ? 128 : 0x10000));
            SnapshotName.parse(text.toString())
                    .ifPresent(name -> assertThat(name)
                            .hasToString(text.toString())
                            .asString()
                            .matches("otherix-[0-9]{8}T[0-9]{6}Z\\.db"));
        }
    }

    @Test
    void theSystemsLanguageDoesNotChangeNames() {
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(SnapshotName.parse(VALID))
                    .hasValueSatisfying(name -> assertThat(name).hasToString(VALID));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void namesSortByTimeAndSoDoTheirTexts() {
        var random = new Random(11);
        var names = Stream.generate(() -> new SnapshotName(Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L))))
                .limit(2000)
                .toList();
        assertThat(names.stream().sorted().toList())
                .isEqualTo(names.stream()
                        .sorted(Comparator.comparing(SnapshotName::toString))
                        .toList())
                .isSortedAccordingTo(Comparator.comparing(SnapshotName::second));
    }

    @Test
    void theNextNameIsOneSecondLater() {
        assertThat(Sample.name("20261231T235959Z").next()).hasToString("otherix-20270101T000000Z.db");
        assertThat(Sample.name("20260606T031500Z").next()).isEqualTo(Sample.name("20260606T031501Z"));
    }

    @Test
    void theFractionOfASecondIsCutOff() {
        assertThat(new SnapshotName(Instant.parse("2026-06-06T03:15:00.999999999Z")))
                .isEqualTo(Sample.name("20260606T031500Z"));
    }

    @Test
    void aTimeThatNoNameCanHoldIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sample.name("99991231T235959Z").next())
                .withMessageContaining("+10000-01-01");
        assertThatIllegalArgumentException().isThrownBy(() -> new SnapshotName(Instant.parse("-0001-12-31T23:59:59Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "", "otherix-20260606T031500Z.db\n"})
    void aRecordCannotNameAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SnapshotName.of(text));
    }

    @Test
    void onlyTemporaryNamesBeginWithADot() {
        var name = Sample.name("20260606T031500Z");
        assertThat(name.temporaryFile()).isEqualTo(".otherix-20260606T031500Z.db.tmp");
        assertThat(name.temporaryRecordFile()).isEqualTo(".otherix-20260606T031500Z.json.tmp");
        assertThat(name.recordFile()).isEqualTo("otherix-20260606T031500Z.json");
        assertThat(name.damagedRecordFile()).isEqualTo("otherix-20260606T031500Z.json.damaged");
        assertThat(name.corruptFile()).isEqualTo("otherix-20260606T031500Z.db.corrupt");
        assertThat(name.corruptRecordFile()).isEqualTo("otherix-20260606T031500Z.json.corrupt");
    }
}
