package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.restore.ApiConfig.Sourced;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiConfigTests {

    private final Path file;

    ApiConfigTests(@TempDir Path directory) {
        this.file = directory.resolve("api.yaml");
    }

    @Test
    void theValuesAreTakenWithTheirKeys() throws IOException {
        var config = read("""
                server: {listen: "0.0.0.0:8080"}
                etcd:
                  mode: single
                  name: "first"
                  data_dir: /srv/etcd
                  peer_url: "https://10.0.0.11:2380"
                  cluster_token: "hidden"
                cluster_ca:
                  cert_file: "/srv/ca/cluster-ca.crt"
                """);
        assertThat(config.name()).isEqualTo(new Sourced<>("first", "etcd.name in " + file));
        assertThat(config.dataDirectory()).isEqualTo(new Sourced<>(Path.of("/srv/etcd"), "etcd.data_dir in " + file));
        assertThat(config.peerUrl()).hasValue(new Sourced<>("https://10.0.0.11:2380", "etcd.peer_url in " + file));
        assertThat(config.caDirectory())
                .isEqualTo(new Sourced<>(Path.of("/srv/ca"), "cluster_ca.cert_file in " + file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {listen: \"0.0.0.0:8080\"}",
                "etcd:",
                "etcd: {name: , data_dir: \"\", peer_url: ~}\ncluster_ca: {cert_file: }",
                "# nothing\n"
            })
    void whatIsNotThereHasOtherixsDefault(String yaml) throws IOException {
        assertDefaults(read(yaml));
    }

    @Test
    void withoutAFileAllAreDefaults() {
        assertDefaults(ApiConfig.defaults());
    }

    private static void assertDefaults(ApiConfig config) {
        assertThat(config.name()).isEqualTo(new Sourced<>("otherix-0", "otherix's default"));
        assertThat(config.dataDirectory())
                .isEqualTo(new Sourced<>(Path.of("/var/lib/otherix/etcd"), "otherix's default"));
        assertThat(config.peerUrl()).isEmpty();
        assertThat(config.caCertificate())
                .isEqualTo(new Sourced<>(Path.of("/var/lib/otherix/ca/cluster-ca.crt"), "otherix's default"));
        assertThat(config.caDirectory()).isEqualTo(new Sourced<>(Path.of("/var/lib/otherix/ca"), "otherix's default"));
    }

    @Test
    void autoIsNoUrlButHasCandidates() throws IOException {
        assertThat(read("etcd: {peer_url: auto}").peerUrl()).isEmpty();
        var reachable = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .map(address -> "https://" + address.getHostAddress() + ":2380")
                .toList();
        assertThat(ApiConfig.peerUrlCandidates())
                .isSubsetOf(reachable)
                .allMatch(url -> URI.create(url).getHost().matches("[0-9.]+"))
                .noneMatch(url -> url.contains("127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd: {name: [secret]}", "etcd: {name: {secret: 1}}"})
    void aListOrABlockIsNoText(String yaml) throws IOException {
        var config = read(yaml);
        refused(config::name, "is wrong: etcd.name is a list or a block, not a text");
        // only what is asked for is looked at
        assertThat(config.dataDirectory().source()).isEqualTo("otherix's default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd: secret", "etcd: [secret]"})
    void aTextOrAListIsNoBlock(String yaml) throws IOException {
        refused(read(yaml)::name, "is wrong: etcd is not a block of keys");
    }

    @Test
    void aPathIsAbsolute() throws IOException {
        var config = read("etcd:\n  data_dir: var/secret\ncluster_ca:\n  cert_file: \"/ca/secret\\0.crt\"\n");
        refused(config::dataDirectory, "is wrong: etcd.data_dir is no absolute path");
        refused(config::caDirectory, "is wrong: cluster_ca.cert_file is no absolute path");
        assertThatExceptionOfType(UnusableConfigFile.class)
                .isThrownBy(config::dataDirectory)
                .withMessageEndingWith("(line 2)");
    }

    @Test
    void aCertificateOfAnotherNameHasNoDirectoryToRestoreTo() throws IOException {
        var config = read("cluster_ca: {cert_file: /ca/secret.pem}");
        assertThat(config.caCertificate().value()).isEqualTo(Path.of("/ca/secret.pem"));
        refused(config::caDirectory, "is wrong: cluster_ca.cert_file names a file that is not called cluster-ca.crt");
    }

    @Test
    void aFileThatIsNotThereOrNoYamlIsRefused() throws IOException {
        refused(() -> ApiConfig.read(file), "does not exist");
        Files.writeString(file, "etcd: {name: [secret");
        refused(() -> ApiConfig.read(file), "is not valid YAML");
        Files.writeString(file, "secret");
        refused(() -> ApiConfig.read(file), "does not map keys to values");
    }

    /** What is in the file may be a secret, also where it is wrong. */
    private static void refused(ThrowingCallable work, String problem) {
        assertThatExceptionOfType(UnusableConfigFile.class)
                .isThrownBy(work)
                .satisfies(refused -> assertThat(refused.problem()).isEqualTo(problem))
                .satisfies(refused ->
                        assertThat(refused.getMessage() + refused.fix()).doesNotContain("secret"));
    }

    private ApiConfig read(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return ApiConfig.read(file);
    }
}
