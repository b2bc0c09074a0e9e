package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "otherix-0=https://10.0.0.1:2380",
                "a b",
                "it's",
                "",
                "x; touch /tmp/x",
                "$(id)",
                "`id`",
                "*",
                "~"
            })
    void aShellReadsTheWordBack(String text) {
        var read = Command.of("bash", "-c", "printf %s " + ShellWord.of(text));
        assertThat(read.output()).isEqualTo(text);
    }

    @Test
    void whatNeedsNoQuotesHasNone() {
        assertThat(ShellWord.of("otherix-0=https://10.0.0.1:2380")).isEqualTo("otherix-0=https://10.0.0.1:2380");
        assertThat(ShellWord.of("a\u001b[31m\nb")).isEqualTo("'a?[31m?b'");
    }
}
