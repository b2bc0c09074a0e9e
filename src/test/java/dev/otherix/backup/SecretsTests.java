package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.access.NewToken;
import dev.otherix.backup.access.Scope;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what searches for secrets would find them. */
class SecretsTests {

    @Test
    void aTokenOrAPasswordIsFoundWhereverItStandsAndIsNotRepeated() {
        var made = NewToken.make("one", Scope.READ, null);
        var token = made.text();
        assertThat(Secrets.find("log: Authorization=Bearer " + token + ","))
                .hasValueSatisfying(told -> assertThat(token).doesNotContain(told));
        assertThat(Secrets.find("user root:" + Secrets.PASSWORD + "x")).isPresent();
        assertThat(Secrets.find(made.entry() + " oeb_short")).isEmpty();
    }

    @Test
    void aPrivateKeyIsFoundAsPemAndInBase64(@TempDir Path directory) throws IOException {
        var pem = Files.readString(TestCertificates.in(directory).server().key());
        assertThat(Secrets.find(pem)).isPresent();
        var inBase64 = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
        assertThat(Secrets.find("{\"k\":\"" + inBase64 + "\"}")).isPresent();
        assertThat(Secrets.find("{\"KeyPem\":\"x\"}")).isPresent();
        assertThat(Secrets.find(Files.readString(directory.resolve("server.crt"))))
                .isEmpty();
    }
}
