package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3PropertiesTests {

    @TempDir
    Path directory;

    private Path credentials;

    @BeforeEach
    void credentials() throws IOException {
        credentials = Files.createFile(
                directory.resolve("credentials"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static S3Properties bind(Stream<String> settings) {
        var arguments = settings.map(setting -> "--offsite.s3." + setting).toArray(String[]::new);
        return Settings.load(List.of(S3Properties.class), arguments, Map.of(), Path.of("/nonexistent"))
                .bind(S3Properties.class);
    }

    /** With what is required set, and these settings. */
    private S3Properties with(String... settings) {
        return bind(Stream.concat(
                Stream.of("bucket=backups", "region=eu-central-1", "credentials_file=" + credentials),
                Stream.of(settings)));
    }

    private static void refuses(Runnable binding, String key, String problem, String fix) {
        assertThatThrownBy(binding::run)
                .asInstanceOf(type(InvalidSetting.class))
                .satisfies(refused -> {
                    assertThat(refused.key()).isEqualTo("offsite.s3." + key);
                    assertThat(refused.problem()).contains(problem);
                    assertThat(refused.fix()).contains(fix);
                });
    }

    @Test
    void withoutABucketThereIsNoStore() {
        assertThat(bind(Stream.of()).open(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region=eu-central-1",
                "endpoint=https://s3.example.com",
                "credentials=instance",
                "path_style=true"
            })
    void settingsWithoutABucketAreRefused(String setting) {
        refuses(
                () -> bind(Stream.of(setting)),
                setting.replaceFirst("=.*", ""),
                "is set without offsite.s3.bucket",
                "Set the bucket");
    }

    @Test
    void aBucketIsAStore() {
        assertThat(with().open(Map.of())).hasValueSatisfying(store -> {
            assertThat(store.place()).isEqualTo("s3://backups");
            store.close();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://backups", "backups/folder", "-backups", "back ups"})
    void aBucketIsItsNameAlone(String bucket) {
        refuses(() -> with("bucket=" + bucket), "bucket", "is not the name of a bucket", "without s3://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "-b"})
    void aBucketHasThreeLetters(String bucket) {
        refuses(() -> with("bucket=" + bucket), "bucket", "is shorter than any name of a bucket", "the name alone");
    }

    @Test
    void theRegionIsRequiredWithoutAnEndpoint() {
        var file = "credentials_file=" + credentials;
        refuses(() -> bind(Stream.of("bucket=backups", file)), "region", "is not set", "eu-central-1");

        assertThat(bind(Stream.of("bucket=backups", file, "endpoint=https://s3.example.com"))
                        .open(Map.of()))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    s3.example.com | has no scheme | Write https://s3.example.com.
                    s3.example.com:9000 | has no scheme | Write https://s3.example.com:9000.
                    ftp://s3.example.com | is not an http or https address | scheme, host and port
                    https:// | is not an http or https address | scheme, host and port
                    https://s3.example.com/backups | is not an http or https address | scheme, host and port
                    https://s3.example.com?a=b | is not an http or https address | scheme, host and port
                    https://a b | is not an http or https address | scheme, host and port
                    http://s3.example.com | is plain http to a host that is not loopback | offsite.s3.plain_http: true
                    """)
    void anEndpointThatCannotBeRightIsRefused(String endpoint, String problem, String fix) {
        refuses(() -> with("endpoint=" + endpoint), "endpoint", problem, fix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://s3.example.com", "https://[::1]:9000/", "http://127.0.0.1:9000", "http://localhost"})
    void anEndpointIsSchemeHostAndPort(String endpoint) {
        assertThat(with("endpoint=" + endpoint).open(Map.of())).isPresent();
    }

    @Test
    void plainHttpToAnotherHostHasToBeAskedFor() {
        assertThat(with("endpoint=http://s3.example.com", "plain_http=true").open(Map.of()))
                .isPresent();
    }

    @Test
    void aUserInAnAddressIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> with("proxy=http://me:secret@proxy:3128"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("offsite.s3.proxy")
                .hasMessageNotContaining("secret");
    }

    @Test
    void oneSourceOfCredentialsIsChosen() {
        var place = Stream.of("bucket=backups", "region=eu-central-1").toList();
        refuses(
                () -> bind(place.stream()),
                "credentials",
                "is not set",
                "environment, web_identity, container or instance");
        refuses(
                () -> bind(Stream.concat(place.stream(), Stream.of("credentials=file"))),
                "credentials_file",
                "is not set",
                "credentials file");
        refuses(() -> with("credentials=instance"), "credentials_file", "offsite.s3.credentials is instance", "Remove");
        for (var source : List.of("environment", "web_identity", "container", "instance")) {
            assertThat(bind(Stream.concat(place.stream(), Stream.of("credentials=" + source)))
                            .open(Map.of()))
                    .isPresent();
        }
    }

    @Test
    void aCredentialsFileIsProtectedLikeOtherSecrets() throws IOException {
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-r--r--"));
        refuses(this::with, "credentials_file", "mode 0644", "chmod");

        Files.delete(credentials);
        refuses(this::with, "credentials_file", "does not exist", "Put the file there");
    }

    @Test
    void aCaFileHoldsCertificates() throws IOException {
        var file = Files.writeString(directory.resolve("ca.crt"), "nothing");

        refuses(() -> with("ca_file=" + file), "ca_file", "certificate", "PEM");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    storage_class | GLACIER | cannot be read back
                    storage_class | deep_archive | cannot be read back
                    sse | aes256 | is neither AES256 nor aws:kms
                    kms_key_id | alias/a | offsite.s3.sse is not aws:kms
                    external_id | a | is set without offsite.s3.role_arn
                    role_arn | backups | is not the ARN of a role
                    tags | a | is not a list of at most 10 tags
                    tags | a=1,a=2 | is not a list of at most 10 tags
                    tags | a=<b> | is not a list of at most 10 tags
                    """)
    void whatCannotBeRightIsRefused(String key, String value, String problem) {
        refuses(() -> with(key + "=" + value), key, problem, "");
    }

    @Test
    void theRestIsSentAsItIs() {
        assertThat(with(
                                "sse=aws:kms",
                                "kms_key_id=alias/a",
                                "storage_class=STANDARD_IA",
                                "tags=team=infra, kind=etcd backup",
                                "role_arn=arn:aws:iam::123456789012:role/backups",
                                "external_id=a",
                                "profile=p")
                        .open(Map.of()))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({"backups,is not absolute", "./backups,is not absolute"})
    void aTargetDirectoryIsAbsolute(String path, String problem) {
        assertThatThrownBy(() -> new FilesystemProperties(Path.of(path)))
                .asInstanceOf(type(InvalidSetting.class))
                .satisfies(refused -> {
                    assertThat(refused.key()).isEqualTo("offsite.filesystem.path");
                    assertThat(refused.problem()).isEqualTo(problem);
                });
        assertThat(new FilesystemProperties(Path.of("/nowhere")).open()).isPresent();
        assertThat(new FilesystemProperties(null).open()).isEmpty();
    }
}
