package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real snapshots of etcd 3.4, 3.5 and 3.6, with the numbers that etcd's own tools gave for them. */
class FixtureTests {

    @TempDir
    private Path dir;

    static List<String> lines() throws IOException {
        try (var table = resource("expected.tsv")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theNumbersAreThoseOfEtcd(String line) throws IOException {
        var expected = line.split("\t", -1);
        var file = unpack(dir, expected[0]);
        var raw = !Boolean.parseBoolean(expected[2]);
        for (var verifier : List.of(new SnapshotVerifier(), new SnapshotVerifier(16, BoltFile.Access.READ))) {
            try (var proof = verifier.verify(file, new SnapshotVerifier.Options(raw, 0, true), bytes -> {})) {
                assertThat(proof.findings()).isEmpty();
                assertThat(proof.good()).isTrue();
                var facts = proof.facts().orElseThrow();
                var details = proof.details().orElseThrow();
                assertThat(details.pageSize()).hasToString(expected[3]);
                assertThat(details.pageCount()).hasToString(expected[5]);
                assertThat(details.status())
                        .isEqualTo(new StatusNumbers(
                                Long.parseLong(expected[6]),
                                Long.parseLong(expected[7]),
                                Long.parseLong(expected[8]),
                                Long.parseLong(expected[9]),
                                Long.parseLong(expected[10])));
                assertThat(details.storageVersion()).isEqualTo(expected[11].isEmpty() ? null : expected[11]);
                assertThat(facts.revision()).hasToString(expected[12]);
                assertThat(facts.compactRevision()).hasToString(expected[13]);
                assertThat(facts.hashKv()).hasToString(expected[14]);
            }
        }
    }

    static Path unpack(Path dir, String name) throws IOException {
        var file = dir.resolve(name);
        try (var packed = new GZIPInputStream(resource(name + ".gz"))) {
            Files.write(file, packed.readAllBytes());
        }
        return file;
    }

    private static InputStream resource(String name) {
        return FixtureTests.class.getResourceAsStream("/snapshots/" + name);
    }
}
