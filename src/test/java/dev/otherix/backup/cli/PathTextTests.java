package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTextTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            verify ''
            list ''
            ca '' --out x
            ca x --out ''
            history '' /key
            compare '' ''
            rewind '' --to-revision 1 --out x
            restore '' --data-dir x --name n --peer-url http://127.0.0.1:1
            restore x --data-dir '' --name n --peer-url http://127.0.0.1:1
            restore plan ''
            offsite fetch latest --from file:///x --out ''
            """)
    void anEmptyPathIsNotTheWorkingDirectory(String line) {
        var words = Arrays.stream(line.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new);

        var run = OfflineScene.run(words);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("it is empty");
    }
}
