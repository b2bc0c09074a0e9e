package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressBarTests {

    private static final long MILLIS = 1_000_000;
    private static final long SIZE = 100L << 20;

    @TempDir
    private Path dir;

    private final StringWriter screen = new StringWriter();
    private long nanos = 5;

    @Test
    void whatIsQuickIsNotShown() {
        try (var work = bar(true).begin("k.db", SIZE)) {
            nanos += 299 * MILLIS;
            work.at(SIZE / 2);
        }
        assertThat(screen.toString()).isEmpty();
    }

    @Test
    void whatTakesLongerIsShownAndGoneInTheEnd() {
        try (var work = bar(true).begin("k.db", SIZE)) {
            nanos += 300 * MILLIS;
            work.at(SIZE / 2);
            nanos += 99 * MILLIS;
            work.at(SIZE / 2 + 1);
            assertThat(screen.toString()).isEqualTo("\rk.db [###############...............]  50% of 100 MiB");
            nanos += MILLIS;
            work.at(2 * SIZE);
            assertThat(screen.toString()).endsWith("\rk.db [##############################] 100% of 100 MiB");
        }
        assertThat(screen.toString())
                .endsWith("\r" + " ".repeat("k.db [##############################] 100% of 100 MiB".length()) + "\r");
    }

    @Test
    void whereNobodyWouldSeeItNothingIsPrinted() {
        try (var work = bar(false).begin("k.db", SIZE)) {
            nanos += 1000 * MILLIS;
            work.at(SIZE / 2);
        }
        assertThat(screen.toString()).isEmpty();
    }

    @Test
    void aTerminalIsToldByItsName() throws IOException {
        assertThat(ProgressBar.isTerminal(link("a", "/dev/pts/3"))).isTrue();
        assertThat(ProgressBar.isTerminal(link("b", "/dev/tty1"))).isTrue();
        assertThat(ProgressBar.isTerminal(link("c", "/dev/console"))).isTrue();
        assertThat(ProgressBar.isTerminal(link("d", "/dev/null"))).isFalse();
        assertThat(ProgressBar.isTerminal(link("e", "pipe:[4711]"))).isFalse();
        assertThat(ProgressBar.isTerminal(link("f", "/var/log/dev/pts/3"))).isFalse();
        assertThat(ProgressBar.isTerminal(dir.resolve("absent"))).isFalse();
    }

    private ProgressBar bar(boolean shown) {
        return new ProgressBar(new PrintWriter(screen), shown, () -> nanos);
    }

    private Path link(String name, String target) throws IOException {
        return Files.createSymbolicLink(dir.resolve(name), Path.of(target));
    }
}
