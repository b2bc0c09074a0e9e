package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.job.SampleFile;
import dev.otherix.backup.realetcd.ClusterCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaCommandTests {

    private static final ClusterCa CA = ClusterCa.generate();
    private static final ClusterCa OTHER = ClusterCa.generate();

    @TempDir
    private Path dir;

    private Path out;

    @BeforeEach
    void nameThePlace() {
        out = dir.resolve("new/ca");
    }

    @Test
    void thePairIsWrittenForItsOwnerAloneAndTheKeyIsPrintedNowhere() throws IOException {
        var run = OfflineScene.run("ca", snapshot(CA.row()).toString(), "--out", out.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(out + "/cluster-ca.crt", out + "/cluster-ca.key", CA.fingerprint());
        assertThat(out.resolve("cluster-ca.crt")).hasContent(CA.certificatePem());
        assertThat(out.resolve("cluster-ca.key")).hasContent(CA.keyPem());
        assertThat(OfflineScene.state(out)).containsOnlyKeys(".", "cluster-ca.crt", "cluster-ca.key");
        for (var file : List.of("cluster-ca.crt", "cluster-ca.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");
    }

    @Test
    void theOlderFormOfAKeyIsCheckedToo() throws IOException {
        var file = snapshot(withKey(sec1(CA.keyPem())));
        assertThat(OfflineScene.run("ca", file.toString(), "--out", out.toString())
                        .exitCode())
                .isZero();
        assertThat(out.resolve("cluster-ca.key")).hasContent(sec1(CA.keyPem()));
        refused(withKey(sec1(OTHER.keyPem())), "its private key is not that of its certificate");
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsNotWritten() throws IOException {
        refused(withKey(OTHER.keyPem()), "its private key is not that of its certificate");
        refused(withKey("secret"), "the text of its private key holds no private key in PEM form");
        refused(
                withKey("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"),
                "the text of its private key holds a private key that cannot be used");
    }

    @Test
    void withoutAPairNothingIsWritten() throws IOException {
        var row = CA.row();
        row.remove("KeyPem");
        refused(row, "the row of the active one has no private key");
        refused(Map.of(), "the row of the active cluster CA has no certificate");
        var none = OfflineScene.run(
                "ca", Files.write(dir.resolve("k.db"), SampleFile.good()).toString(), "--out", out.toString());
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("the snapshot names no active cluster CA");
    }

    @Test
    void nothingIsTakenFromAFileWithFindings() throws IOException {
        var file = snapshot(CA.row());
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 32));
        var run = OfflineScene.run("ca", file.toString(), "--out", out.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(file + " has findings (1), the first: no footer")
                .contains("Take another snapshot");
        assertThat(out).doesNotExist();
        assertThat(OfflineScene.run("ca", "--raw", file.toString(), "--out", out.toString())
                        .exitCode())
                .as("a member's own file")
                .isZero();
    }

    @Test
    void theCaOfAFileWithATornMetaPageIsWrittenAndTheTearIsTold() throws IOException {
        var file = snapshot(CA.row());
        var bytes = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) - 32);
        bytes[40] ^= 1;
        var run = OfflineScene.run("ca", "--raw", Files.write(file, bytes).toString(), "--out", out.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("meta page 0 is torn");
        assertThat(out.resolve("cluster-ca.key")).exists();
    }

    @Test
    void nothingIsReplaced() throws IOException {
        var file = snapshot(CA.row()).toString();
        for (var name : List.of("cluster-ca.crt", "cluster-ca.key")) {
            var place = Files.createDirectory(dir.resolve("with-" + name));
            Files.createSymbolicLink(place.resolve(name), Path.of("nowhere"));
            var run = OfflineScene.run("ca", file, "--out", place.toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains(place.resolve(name) + " already exists and is not replaced; nothing was written");
            assertThat(OfflineScene.state(place)).containsOnlyKeys(".", name);
        }
    }

    @Test
    void aPlaceThatIsNoDirectoryIsTold() throws IOException {
        var place = Files.writeString(dir.resolve("file"), "");
        var run = OfflineScene.run("ca", snapshot(CA.row()).toString(), "--out", place.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(place + " already exists");
    }

    @Test
    void aPlaceThatThisUserMayNotWriteToIsNotCalledADirectory() throws IOException {
        var place = Files.createDirectory(dir.resolve("closed"));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(place), "this user writes everywhere");
        var run = OfflineScene.run("ca", snapshot(CA.row()).toString(), "--out", place.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("cannot write to " + place + ": the user " + System.getProperty("user.name")
                        + " may not write there; nothing was written");
    }

    @Test
    void aWriteThatFailsHalfwayLeavesNothing() throws IOException {
        var contents = new LinkedHashMap<Path, byte[]>();
        contents.put(dir.resolve("first"), new byte[] {1});
        contents.put(dir.resolve("absent/second"), new byte[] {2});
        assertThatThrownBy(() -> SecretFiles.write(dir, contents)).isInstanceOf(NoSuchFileException.class);
        assertThat(OfflineScene.state(dir)).containsOnlyKeys(".");
    }

    @Test
    void aRowThatSaysAnotherFingerprintIsToldAndTheCertificateCounts() throws IOException {
        var row = CA.row();
        row.put("FingerprintSha256", "AAAA");
        var run = OfflineScene.run("ca", snapshot(row).toString(), "--out", out.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("the row says that the certificate has the fingerprint sha256:000000");
        assertThat(run.out()).endsWith(CA.fingerprint() + System.lineSeparator());
    }

    @Test
    void badUsageAndUnreadableFilesAreTold() {
        assertThat(OfflineScene.run("ca", "f.db").exitCode()).isEqualTo(2);
        assertThat(OfflineScene.run("ca", "--out", "x").exitCode()).isEqualTo(2);
        assertThat(OfflineScene.run("ca", "f.db", "g.db", "--out", "x").exitCode())
                .isEqualTo(2);
        var absent = OfflineScene.run("ca", "/nowhere/f.db", "--out", out.toString());
        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.err()).startsWith("otherix-etcd-backup: cannot verify /nowhere/f.db: it does not exist");
        assertThat(OfflineScene.run("ca", dir.toString(), "--out", out.toString())
                        .exitCode())
                .isEqualTo(2);
    }

    private void refused(Map<String, Object> row, String message) throws IOException {
        var place = dir.resolve("refused");
        var run = OfflineScene.run("ca", snapshot(row).toString(), "--out", place.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(message)
                .doesNotContain("\tat ")
                .doesNotContain("secret")
                .doesNotContain("PRIVATE KEY");
        assertThat(run.out()).isEmpty();
        assertThat(place).doesNotExist();
    }

    private static Map<String, Object> withKey(String pem) {
        var row = CA.row();
        row.put("KeyPem", Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
        return row;
    }

    private Path snapshot(Map<String, Object> row) throws IOException {
        return CaSnapshot.write(dir.resolve("snapshot-" + System.nanoTime() + ".db"), CA, row);
    }

    /** The same key as {@code openssl ec} writes it: what PKCS #8 holds in its last element. */
    private static String sec1(String pkcs8) {
        var der = Base64.getMimeDecoder().decode(pkcs8.replaceAll("-----[^-]+-----", ""));
        int at = 0;
        while (der[at] != 0x02 || der[at + 1] != 1 || der[at + 2] != 1) {
            at++;
        }
        int header = (der[at - 2] & 0xff) == 0x81 ? 3 : 2;
        return "-----BEGIN EC PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(Arrays.copyOfRange(der, at - header, der.length))
                + "\n-----END EC PRIVATE KEY-----\n";
    }
}
