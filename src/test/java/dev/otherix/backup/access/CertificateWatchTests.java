package dev.otherix.backup.access;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CertificateWatchTests {

    @TempDir
    private static Path authorities;

    private static TestCertificates.Pair first;
    private static TestCertificates.Pair second;

    @TempDir
    private Path dir;

    private DefaultSslBundleRegistry bundles;

    @BeforeAll
    static void certificates() {
        first = TestCertificates.in(authorities.resolve("first")).server();
        second = TestCertificates.in(authorities.resolve("second")).server();
    }

    @BeforeEach
    void noBundle() {
        bundles = new DefaultSslBundleRegistry();
    }

    /** How certificates are replaced: each way puts the first pair somewhere, and later the second in its place. */
    private enum Layout {
        WRITTEN_IN_PLACE {
            @Override
            Path lay(Path dir) throws IOException {
                return pair(dir.resolve("tls"), first);
            }

            @Override
            void replace(Path dir) throws IOException {
                pair(dir.resolve("tls"), second);
            }
        },

        RENAMED_OVER {
            @Override
            Path lay(Path dir) throws IOException {
                return pair(dir.resolve("tls"), first);
            }

            @Override
            void replace(Path dir) throws IOException {
                var fresh = pair(dir.resolve("new"), second);
                Files.move(fresh.resolve("tls.key"), dir.resolve("tls/tls.key"), ATOMIC_MOVE);
                Files.move(fresh.resolve("tls.crt"), dir.resolve("tls/tls.crt"), ATOMIC_MOVE);
            }
        },

        REMOVED_AND_MADE_AGAIN {
            @Override
            Path lay(Path dir) throws IOException {
                return pair(dir.resolve("tls"), first);
            }

            @Override
            void replace(Path dir) throws IOException {
                Files.delete(dir.resolve("tls/tls.key"));
                Files.delete(dir.resolve("tls/tls.crt"));
                pair(dir.resolve("tls"), second);
            }
        },

        LINK_OF_A_KUBELET {
            @Override
            Path lay(Path dir) throws IOException {
                var volume = Files.createDirectory(dir.resolve("volume"));
                pair(volume.resolve("..2026_06_06_03_15_00.1"), first);
                link(volume.resolve("..data"), "..2026_06_06_03_15_00.1");
                link(volume.resolve("tls.crt"), "..data/tls.crt");
                link(volume.resolve("tls.key"), "..data/tls.key");
                return volume;
            }

            @Override
            void replace(Path dir) throws IOException {
                var volume = dir.resolve("volume");
                pair(volume.resolve("..2026_06_06_03_16_00.2"), second);
                flip(volume.resolve("..data"), "..2026_06_06_03_16_00.2");
            }
        },

        LINKS_OF_CERTBOT {
            @Override
            Path lay(Path dir) throws IOException {
                pair(dir.resolve("archive/1"), first);
                var live = Files.createDirectory(dir.resolve("live"));
                link(live.resolve("tls.crt"), "../archive/1/tls.crt");
                link(live.resolve("tls.key"), "../archive/1/tls.key");
                return live;
            }

            @Override
            void replace(Path dir) throws IOException {
                pair(dir.resolve("archive/2"), second);
                flip(dir.resolve("live/tls.key"), "../archive/2/tls.key");
                flip(dir.resolve("live/tls.crt"), "../archive/2/tls.crt");
            }
        },

        DIRECTORY_REPLACED {
            @Override
            Path lay(Path dir) throws IOException {
                return pair(dir.resolve("tls"), first);
            }

            @Override
            void replace(Path dir) throws IOException {
                pair(dir.resolve("tls.new"), second);
                Files.move(dir.resolve("tls"), dir.resolve("tls.old"));
                Files.move(dir.resolve("tls.new"), dir.resolve("tls"));
            }
        },

        LINK_FURTHER_UP {
            @Override
            Path lay(Path dir) throws IOException {
                pair(dir.resolve("releases/1/etc/tls"), first);
                link(dir.resolve("current"), "releases/1");
                return dir.resolve("current/etc/tls");
            }

            @Override
            void replace(Path dir) throws IOException {
                pair(dir.resolve("releases/2/etc/tls"), second);
                flip(dir.resolve("current"), "releases/2");
            }
        };

        abstract Path lay(Path dir) throws IOException;

        abstract void replace(Path dir) throws IOException;

        private static void link(Path link, String target) throws IOException {
            Files.createSymbolicLink(link, Path.of(target));
        }

        private static void flip(Path link, String target) throws IOException {
            var fresh = link.resolveSibling("fresh-link");
            link(fresh, target);
            Files.move(fresh, link, ATOMIC_MOVE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOnDiskIsServedHoweverItCameThere(Layout layout) throws Exception {
        var watch = watching(layout.lay(dir));
        assertThat(served()).isEqualTo(certificate(first));

        layout.replace(dir);
        watch.look();
        watch.look();

        assertThat(served()).isEqualTo(certificate(second));
        assertThat(noted()).contains(certificate(second));
    }

    @Test
    void aPairThatDoesNotFitIsToldOnceAndTheLastGoodOneStays(CapturedOutput output) throws Exception {
        var tls = pair(dir.resolve("tls"), first);
        var watch = watching(tls);

        Files.writeString(tls.resolve("tls.crt"), Files.readString(second.certificate()));
        for (int look = 0; look < 5; look++) {
            watch.look();
        }

        assertThat(served()).isEqualTo(certificate(first));
        assertThat(noted()).contains(certificate(first));
        assertThat(Written.out(output)
                        .getOut()
                        .lines()
                        .filter(line -> line.contains(" WARN ") && line.contains(tls.toString())))
                .singleElement()
                .asString()
                .contains(
                        "still serves its last good certificate",
                        "api.tls.key_file = " + tls.resolve("tls.key"),
                        "is not the key of the first certificate in api.tls.cert_file");

        pair(tls, second);
        watch.look();
        watch.look();
        assertThat(served()).isEqualTo(certificate(second));
    }

    @Test
    void whatIsBeingWrittenIsNotJudged(CapturedOutput output) throws Exception {
        var tls = pair(dir.resolve("tls"), first);
        var watch = watching(tls);

        Files.writeString(tls.resolve("tls.crt"), Files.readString(second.certificate()));
        watch.look();
        pair(tls, second);
        watch.look();
        assertThat(served()).isEqualTo(certificate(first));
        watch.look();

        assertThat(served()).isEqualTo(certificate(second));
        assertThat(Written.out(output).getOut()).doesNotContain(" WARN ");
    }

    @Test
    void aFileThatIsGoneOrTooOpenIsTold(CapturedOutput output) throws Exception {
        var tls = pair(dir.resolve("tls"), first);
        var watch = watching(tls);

        Files.delete(tls.resolve("tls.crt"));
        watch.look();
        watch.look();
        pair(tls, second);
        Files.setPosixFilePermissions(tls.resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
        watch.look();
        watch.look();

        assertThat(served()).isEqualTo(certificate(first));
        assertThat(Written.out(output).getOut())
                .contains(
                        "api.tls.cert_file = " + tls.resolve("tls.crt") + " does not exist",
                        "has mode 0644 and holds a secret",
                        "chmod 600");
    }

    @Test
    void whatIsNotFitAtTheStartStopsIt() throws IOException {
        var tls = pair(dir.resolve("tls"), first);
        Files.writeString(tls.resolve("tls.crt"), Files.readString(second.certificate()));
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> ServerTls.properties(settings(tls)))
                .satisfies(refusal -> assertThat(refusal.key()).isEqualTo("api.tls.key_file"));
    }

    @Test
    void aNoteOfSomebodyElseIsNotBelieved() throws Exception {
        watching(pair(dir.resolve("tls"), first));
        var note = dir.resolve("api-certificate.pem");
        Files.move(note, dir.resolve("elsewhere"));
        Files.createSymbolicLink(note, dir.resolve("elsewhere"));
        assertThat(noted()).isEmpty();
        Files.delete(note);
        assertThat(noted()).isEmpty();
    }

    private CertificateWatch watching(Path tls) {
        var watch = new CertificateWatch(settings(tls), new AccessProperties(null, dir.resolve("api-token")));
        watch.registerBundles(bundles);
        bundles.addBundleUpdateHandler("api", _ -> {});
        return watch;
    }

    private static TlsProperties settings(Path tls) {
        return new TlsProperties(tls.resolve("tls.crt"), tls.resolve("tls.key"), null);
    }

    private Optional<X509Certificate> noted() {
        return new ServedCertificate(dir.resolve("api-token")).read();
    }

    private X509Certificate served() throws KeyStoreException {
        var store = bundles.getBundle("api").getStores().getKeyStore();
        return (X509Certificate) store.getCertificate(store.aliases().nextElement());
    }

    private static X509Certificate certificate(TestCertificates.Pair pair) {
        return new PemFile("test", pair.certificate()).certificates().getFirst();
    }

    private static Path pair(Path directory, TestCertificates.Pair pair) throws IOException {
        Files.createDirectories(directory);
        PrivateFile.write(directory.resolve("tls.key"), Files.readString(pair.key()));
        Files.writeString(directory.resolve("tls.crt"), Files.readString(pair.certificate()));
        return directory;
    }
}
