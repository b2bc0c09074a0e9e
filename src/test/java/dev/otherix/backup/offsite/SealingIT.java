package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves this host is opened by stock tools, by each recipient, and by nobody else. */
@NeedsProgram({"age", "age-keygen"})
class SealingIT {

    @TempDir
    private Path temporary;

    private String recipient(String name) {
        var identity = temporary.resolve(name);
        Command.of("age-keygen", "-o", identity.toString()).output();
        return Command.of("age-keygen", "-y", identity.toString()).output().strip();
    }

    @Test
    void ageAndGunzipOfEachRecipientGiveTheIdenticalFile() throws IOException {
        var sealing = new Sealing(Optional.of(new Recipients(List.of(recipient("one"), recipient("two")))));
        recipient("stranger");
        var plain = new byte[3_000_001];
        new Random(1).nextBytes(plain);
        Files.write(temporary.resolve("plain"), plain);
        try (var to = Files.newOutputStream(temporary.resolve("sealed"))) {
            sealing.seal(out -> out.write(plain), to);
        }

        for (var identity : List.of("one", "two")) {
            Command.of("sh", "-c", "cd " + temporary + " && age -d -i " + identity + " < sealed | gunzip > opened")
                    .output();
            assertThat(temporary.resolve("opened")).hasBinaryContent(plain);
        }
        assertThat(Command.of("sh", "-c", "cd " + temporary + " && age -d -i stranger < sealed 2>&1 || true")
                        .output())
                .contains("no identity matched");
    }

    @Test
    void theCanaryIsATextThatAgeOpensAndWithoutEncryptionOnlyGunzipIsNeeded() throws IOException {
        var sealing = new Sealing(Optional.of(new Recipients(List.of(recipient("one")))));
        Files.write(temporary.resolve("canary"), sealing.encrypt(Canary.TEXT));
        assertThat(Command.of("sh", "-c", "cd " + temporary + " && age -d -i one < canary")
                        .output())
                .isEqualTo("otherix-etcd-backup canary\n");

        try (var to = Files.newOutputStream(temporary.resolve("plain.gz"))) {
            new Sealing(Optional.empty()).seal(out -> out.write(Canary.TEXT), to);
        }
        assertThat(Command.of("sh", "-c", "gunzip < " + temporary.resolve("plain.gz"))
                        .output())
                .isEqualTo("otherix-etcd-backup canary\n");
    }
}
