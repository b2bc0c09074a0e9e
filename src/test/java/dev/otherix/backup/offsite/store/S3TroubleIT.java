package dev.otherix.backup.offsite.store;

import static dev.otherix.backup.offsite.store.ObjectStoreContract.bytes;
import static dev.otherix.backup.offsite.store.S3Contract.credentials;
import static dev.otherix.backup.offsite.store.S3Contract.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.TestCertificates;
import dev.otherix.backup.realetcd.Tmpfs;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store that refuses, and a way that does not lead to it, is reported as. */
@NeedsObjectStore
class S3TroubleIT {

    private static final Limits SHORT =
            new Limits(Duration.ofSeconds(3), Duration.ofSeconds(20), 1, Duration.ofMillis(20));

    private static VersityGateway gateway;

    @TempDir
    Path directory;

    @BeforeAll
    static void starts() {
        gateway = VersityGateway.start();
    }

    @AfterAll
    static void ends() {
        gateway.close();
    }

    private static S3Store open(S3Place place, S3Credentials credentials) {
        return S3Store.open(place, credentials, S3Writing.PLAIN, SHORT, Clock.systemUTC());
    }

    private static S3Credentials owner() {
        return credentials(gateway.accessKey(), gateway.secretKey());
    }

    /** Of each thing that a copy does: what it fails with. */
    private static void failsEverywhere(ObjectStore store, Code code, String... words) {
        try (store) {
            for (Runnable step : new Runnable[] {
                () -> store.probe("a/"),
                () -> store.list("a/", _ -> {}),
                () -> store.find("a/b", null),
                () -> store.put("a/b", bytes(10), true),
                () -> store.begin("a/b", _ -> {}).close(),
                () -> store.read("a/b", null, 0, 10)
            }) {
                Failed.by(step).with(code, words).without(gateway.secretKey(), "wrong-secret");
            }
        }
    }

    @Test
    void aWrongSecretIsNamedAndNotRepeated() {
        failsEverywhere(
                open(
                        place(gateway.endpoint(), gateway.bucket(), null),
                        credentials(gateway.accessKey(), "wrong-secret")),
                Code.DENIED,
                "the secret key of the access key " + gateway.accessKey() + " is wrong",
                "SignatureDoesNotMatch",
                "Correct the credentials");
    }

    @Test
    void anUnknownAccessKeyIsNamed() {
        failsEverywhere(
                open(place(gateway.endpoint(), gateway.bucket(), null), credentials("nobody", gateway.secretKey())),
                Code.DENIED,
                "does not know the access key nobody",
                "Correct the credentials");
    }

    @Test
    void aMissingBucketIsNoMissingObject() {
        failsEverywhere(
                open(place(gateway.endpoint(), "no-such-bucket", null), owner()),
                Code.NO_SUCH_PLACE,
                "there is no bucket 'no-such-bucket'",
                "offsite.s3.bucket");
    }

    @Test
    void aWrongRegionIsNamed() {
        try (var european = VersityGateway.inRegion("eu-central-1")) {
            failsEverywhere(
                    open(place(european.endpoint(), european.bucket(), null), owner()),
                    Code.REFUSED,
                    "the region us-east-1 is wrong",
                    "offsite.s3.region");
        }
    }

    @Test
    void whoMayNotListOrWriteIsTold() {
        var bucket = gateway.bucket();
        gateway.user("stranger");
        failsEverywhere(
                open(
                        place(gateway.endpoint(), bucket, null),
                        credentials("stranger", VersityGateway.secretOf("stranger"))),
                Code.DENIED,
                "of the access key stranger are not enough for",
                "Allow s3:");
    }

    @Test
    void whoMayReadOnlyCanReadAndIsToldWhatIsMissingToWrite() {
        var bucket = gateway.bucket();
        gateway.user("reader");
        try (var client = gateway.client()) {
            client.putBucketPolicy(request -> request.bucket(bucket).policy("""
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["reader"]},
                     "Action": ["s3:GetObject", "s3:ListBucket"],
                     "Resource": ["arn:aws:s3:::%s", "arn:aws:s3:::%s/*"]}]}
                    """.formatted(bucket, bucket)));
        }
        try (var store = open(place(gateway.endpoint(), bucket, null), owner())) {
            store.put("a/b", bytes(10), true);
        }
        try (var store = open(
                place(gateway.endpoint(), bucket, null), credentials("reader", VersityGateway.secretOf("reader")))) {
            store.probe("a/");
            assertThat(store.find("a/b", null)).isPresent();

            Failed.by(() -> store.put("a/c", bytes(10), true)).with(Code.DENIED, "writing a/c", "Allow s3:PutObject");
            Failed.by(() -> store.begin("a/c", _ -> {})).with(Code.DENIED, "beginning a/c", "Allow s3:PutObject");
        }
    }

    @Test
    void aReadOnlyStoreIsReported() {
        try (var readOnly = VersityGateway.start("--readonly");
                var store = open(place(readOnly.endpoint(), "backups", null), owner())) {
            readOnly.makeBucketByHand("backups");
            store.probe("");

            Failed.by(() -> store.put("a/c", bytes(10), true))
                    .with(Code.DENIED, "writing a/c", "check that the bucket may be written");
        }
    }

    @Test
    @NeedsTmpfs
    void aFullStoreIsReportedAndTakesTheNextCopy() {
        try (var disk = Tmpfs.mount(8);
                var full = VersityGateway.on(disk.directory());
                var store = open(place(full.endpoint(), full.bucket(), null), owner())) {
            Failed.by(() -> {
                        try (var upload = store.begin("a", _ -> {})) {
                            upload.part(bytes(6 << 20), 6 << 20, _ -> {});
                            upload.part(bytes(6 << 20), 6 << 20, _ -> {});
                        }
                    })
                    .with(Code.FULL, "writing part 2 of a", "store is full");
            store.put("a", bytes(1000), true);
        }
    }

    @Test
    void aPrivateCaIsTrustedByItsFileAndTheFileIsReadForEachConnection() throws IOException {
        var certificates = TestCertificates.in(directory.resolve("ca"));
        var other = TestCertificates.in(directory.resolve("other"));
        try (var tls = VersityGateway.tls(certificates.server())) {
            tls.makeBucketByHand("backups");
            failsEverywhere(
                    open(withCa(tls.endpoint(), null), owner()),
                    Code.UNAVAILABLE,
                    "is not signed by a CA that Java trusts",
                    "offsite.s3.ca_file");

            var file = Files.copy(other.ca(), directory.resolve("ca.crt"));
            try (var store = open(withCa(tls.endpoint(), file), owner())) {
                Failed.by(() -> store.probe("")).with(Code.UNAVAILABLE, "is not signed by a CA that is in " + file);
                Files.copy(certificates.ca(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                store.probe("");
                store.put("a", bytes(10), true);
            }
        }
    }

    @Test
    void anExpiredCertificateIsNamed() {
        var certificates = TestCertificates.in(directory.resolve("ca"));
        try (var tls = VersityGateway.tls(certificates.expiredServer());
                var store = open(withCa(tls.endpoint(), certificates.ca()), owner())) {
            Failed.by(() -> store.probe("")).with(Code.UNAVAILABLE, "has expired", "Renew it");
        }
    }

    private static S3Place withCa(URI endpoint, @Nullable Path caFile) {
        return new S3Place("backups", null, endpoint, true, caFile, null);
    }

    @Test
    void tlsToAPlainPortAndPlainToATlsPortAreReported() {
        var certificates = TestCertificates.in(directory.resolve("ca"));
        try (var tls = VersityGateway.tls(certificates.server());
                var plain = open(place(URI.create("http://" + tls.endpoint().getAuthority()), "b", null), owner());
                var secure =
                        open(place(URI.create("https://" + gateway.endpoint().getAuthority()), "b", null), owner())) {
            Failed.by(() -> secure.probe("")).with(Code.UNAVAILABLE, "no TLS connection", "https");
            Failed.by(() -> plain.probe("")).with(Code.UNAVAILABLE, "was cut", "write the endpoint with https");
        }
    }

    @Test
    void aNameThatDnsDoesNotKnowIsNamed() {
        failsEverywhere(
                open(place(URI.create("https://store.invalid"), "backups", null), owner()),
                Code.UNAVAILABLE,
                "DNS has no address for store.invalid");
    }

    @Test
    void aPortWhereNothingListensIsNamed() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        failsEverywhere(
                open(place(URI.create("http://127.0.0.1:" + port), "backups", null), owner()),
                Code.UNAVAILABLE,
                "127.0.0.1:" + port + " cannot be reached");
    }

    @Test
    void aProxyThatRefusesIsNamed() {
        try (var proxy = RefusingProxy.start();
                var store = open(
                        new S3Place("backups", null, URI.create("https://127.0.0.1:1"), true, null, proxy.address()),
                        owner())) {
            Failed.by(() -> store.probe("")).with(Code.UNAVAILABLE, "the proxy " + proxy.address() + " refuses");
        }
    }

    @Test
    void aRotatedCredentialsFileCountsWithoutAnewStart() throws IOException {
        var file = Files.createFile(
                directory.resolve("credentials"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, profile("backups", gateway.accessKey(), "wrong-secret"));
        var chosen = new S3Credentials(S3Credentials.Source.FILE, file, "backups", null, null, Map.of());
        try (var store = open(place(gateway.endpoint(), gateway.bucket(), null), chosen)) {
            Failed.by(() -> store.probe("")).with(Code.DENIED, "is wrong");

            Files.writeString(file, "# rotated\n" + profile("backups", gateway.accessKey(), gateway.secretKey()));
            store.probe("");

            Files.writeString(file, profile("other", gateway.accessKey(), gateway.secretKey()));
            Failed.by(() -> store.probe(""))
                    .with(Code.DENIED, file + " has no profile 'backups', only: other")
                    .without(gateway.secretKey());
            Files.writeString(file, "[backups]\naws_access_key_id = a\n");
            Failed.by(() -> store.probe("")).with(Code.DENIED, "has no aws_access_key_id or no aws_secret_access_key");
            Files.delete(file);
            Failed.by(() -> store.probe("")).with(Code.DENIED, "credentials file cannot be read", "does not exist");
        }
    }

    private static String profile(String name, String access, String secret) {
        return "[%s]\naws_access_key_id = %s\naws_secret_access_key=%s\n".formatted(name, access, secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ENVIRONMENT", "WEB_IDENTITY"})
    void anEnvironmentWithoutCredentialsIsNamed(S3Credentials.Source source) {
        try (var store = open(
                place(gateway.endpoint(), "backups", null),
                new S3Credentials(source, null, null, null, null, Map.of()))) {
            Failed.by(() -> store.probe("")).with(Code.DENIED, "the environment has no AWS_");
        }
    }

    @Test
    void tenThousandObjectsAreListedPageByPage() throws IOException {
        var bucket = gateway.bucket();
        var folder = Files.createDirectories(gateway.files(bucket).resolve("p/c/8e9e05c52164694d"));
        for (var number = 0; number < 10_000; number++) {
            Files.createFile(folder.resolve("otherix-" + number + ".json"));
        }
        try (var store = open(place(gateway.endpoint(), bucket, null), owner())) {
            var keys = new ArrayList<String>();
            store.list("p/", object -> keys.add(object.key()));

            assertThat(keys).hasSize(10_000).doesNotHaveDuplicates();
            assertThat(keys.getFirst()).startsWith("p/c/8e9e05c52164694d/otherix-");
        }
    }

    @Test
    void bytesThatWereChangedThereAreGivenAsTheyAre() throws IOException {
        var bucket = gateway.bucket();
        try (var store = open(place(gateway.endpoint(), bucket, null), owner())) {
            store.put("a", bytes(1000), true);
            var file = gateway.files(bucket).resolve("a");
            var changed = Files.readAllBytes(file);
            changed[500] ^= 1;
            Files.write(file, changed);

            try (var in = store.read("a", null, 0, Long.MAX_VALUE)) {
                assertThat(in.readAllBytes()).isEqualTo(changed);
            }
            assertThat(store.find("a", null))
                    .hasValueSatisfying(found -> assertThat(found.modifiedAt())
                            .isBefore(Instant.now().plusSeconds(60)));
        }
    }
}
