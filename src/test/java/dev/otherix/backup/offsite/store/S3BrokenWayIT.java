package dev.otherix.backup.offsite.store;

import static dev.otherix.backup.offsite.store.ObjectStoreContract.bytes;
import static dev.otherix.backup.offsite.store.S3Contract.credentials;
import static dev.otherix.backup.offsite.store.S3Contract.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.realstores.MeddlingProxy;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store behind a way that cuts, loses, slows down or lies. */
@NeedsObjectStore
class S3BrokenWayIT {

    private static final Instant NOW = Instant.parse("2026-06-06T03:15:00Z");
    private static final Limits SHORT =
            new Limits(Duration.ofSeconds(2), Duration.ofSeconds(20), 1 << 20, Duration.ofMillis(10));
    private static final int PART = ObjectStore.Upload.SMALLEST_PART;

    private static VersityGateway gateway;

    private MeddlingProxy way;
    private String bucket;
    private ObjectStore store;

    @BeforeAll
    static void starts() {
        gateway = VersityGateway.start();
    }

    @AfterAll
    static void ends() {
        gateway.close();
    }

    @BeforeEach
    void opens() {
        way = MeddlingProxy.before(gateway.endpoint());
        bucket = gateway.versionedBucket();
        store = open(SHORT);
    }

    private ObjectStore open(Limits limits) {
        return S3Store.open(
                place(way.endpoint(), bucket, null),
                credentials(gateway.accessKey(), gateway.secretKey()),
                S3Writing.PLAIN,
                limits,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void closes() {
        store.close();
        way.close();
    }

    private StoredObject upload(String key, int parts) {
        try (var upload = store.begin(key, _ -> {})) {
            for (var number = 0; number < parts; number++) {
                upload.part(bytes(PART), PART, _ -> {});
            }
            return upload.complete();
        }
    }

    private byte[] read(String key) {
        try (var in = store.read(key, null, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD ", "uploads", "partNumber=1", "partNumber=2", "POST "})
    void aConnectionThatIsCutOnceInAnyStepOfAnUploadIsMadeAgain(String step) {
        way.next(1, MeddlingProxy.cut(), step);

        var stored = upload("a.db.gz.age", 2);

        assertThat(store.find("a.db.gz.age", stored.versionId()))
                .hasValueSatisfying(found -> assertThat(found.sizeBytes()).isEqualTo(2L * PART));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uploads", "partNumber=2", "POST "})
    void anAnswerThatIsLostOnceInAnyStepOfAnUploadChangesNothing(String step) {
        way.next(1, MeddlingProxy.loseAnswer(), step);

        var stored = upload("a.db.gz.age", 2);

        assertThat(stored.sizeBytes()).isEqualTo(2L * PART);
        assertThat(stored.versionId()).isNotNull();
        assertThat(store.find("a.db.gz.age", stored.versionId())).isPresent();
    }

    @Test
    void anAnswerToCompleteThatIsLostIsNotBelievedForAnOlderObjectOfTheSameSize() {
        var older = upload("a.db.gz.age", 1);
        way.next(100, MeddlingProxy.cut(), "POST ", "uploadId=");

        Failed.by(() -> upload("a.db.gz.age", 1)).with(Code.UNAVAILABLE, "completing a.db.gz.age");

        way.behave();
        assertThat(store.find("a.db.gz.age", null))
                .hasValueSatisfying(found -> assertThat(found.versionId()).isEqualTo(older.versionId()));
    }

    @Test
    void aBodyThatIsCutInTheMiddleIsSentAgainAndCountedAgain() {
        way.next(1, MeddlingProxy.cutBodyAfter(1_000_000), "partNumber=1");
        var sent = new ArrayList<Long>();

        try (var upload = store.begin("a.db.gz.age", _ -> {})) {
            upload.part(bytes(PART), PART, sent::add);
            upload.complete();
        }

        assertThat(sent.stream().mapToLong(Long::longValue).sum()).isGreaterThan(PART);
        assertThat(read("a.db.gz.age")).isEqualTo(bytes(PART));
    }

    @Test
    void aRecordWhoseAnswerIsLostIsWrittenAndNotThoughtToBeAnothers() {
        way.next(1, MeddlingProxy.loseAnswer(), "PUT ");

        var stored = store.put("a.json", bytes(100), true);

        assertThat(store.find("a.json", null))
                .hasValueSatisfying(found -> assertThat(found.versionId()).isEqualTo(stored.versionId()));
    }

    @Test
    void aRecordOfAnotherStaysAnothersAlsoWhenAnAnswerIsLost() {
        store.put("a.json", bytes(100), true);
        way.next(1, MeddlingProxy.loseAnswer(), "PUT ");

        Failed.by(() -> store.put("a.json", bytes(101), true)).with(Code.EXISTS, "writing a.json");
    }

    @Test
    void anAnswerThatEndsTooEarlyIsNoEndOfAnObject() {
        store.put("a", bytes(1_000_000), true);
        way.next(1, MeddlingProxy.cutAnswerAfter(500_000), "GET ");

        Failed.by(() -> read("a")).with(Code.UNAVAILABLE, "reading a failed", "was cut");

        assertThat(read("a")).isEqualTo(bytes(1_000_000));
    }

    @ParameterizedTest
    @CsvSource({"500,InternalError", "503,SlowDown", "429,TooManyRequests", "503,''", "502,''", "504,''"})
    void aStoreInTroubleIsAskedAgainAndThenReported(int status, String code) {
        var body = code.isEmpty()
                ? "<html>later</html>"
                : "<Error><Code>" + code + "</Code><Message>later, please</Message></Error>";
        var answer = MeddlingProxy.answer("HTTP/1.1 " + status + " Later", body);
        way.next(1, answer, "GET ");
        store.list("", _ -> {});

        way.next(100, answer, "");
        Failed.by(() -> store.list("", _ -> {}))
                .with(Code.UNAVAILABLE, "listing s3://" + bucket, "HTTP " + status, "tried again");
        Failed.by(() -> store.put("a", bytes(10), false)).with(Code.UNAVAILABLE, "writing a", "HTTP " + status);
        Failed.by(() -> store.find("a", null)).with(Code.UNAVAILABLE, "HTTP " + status);
        Failed.by(() -> read("a")).with(Code.UNAVAILABLE, "reading a", "HTTP " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "403,AccessDenied,DENIED,are not enough for",
        "403,QuotaExceeded,FULL,a quota is reached",
        "507,Whatever,FULL,the store is full",
        "403,InvalidObjectState,ARCHIVED,archive class",
        "400,ExpiredToken,DENIED,has expired",
        "400,InvalidStorageClass,REFUSED,offsite.s3.storage_class",
        "400,SomethingNew,REFUSED,SomethingNew"
    })
    void aRefusalIsPutIntoWords(int status, String code, Code expected, String words) {
        way.next(
                10,
                MeddlingProxy.answer(
                        "HTTP/1.1 " + status + " No", "<Error><Code>" + code + "</Code><Message>no</Message></Error>"),
                "PUT ");

        Failed.by(() -> store.put("a", bytes(10), true)).with(expected, words, code, "HTTP " + status);
    }

    @Test
    void aWrongClockIsReportedWithTheDifference() {
        var theirs = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                NOW.minusSeconds(3 * 3600).atOffset(ZoneOffset.UTC));
        way.next(
                1,
                MeddlingProxy.answer(
                        "HTTP/1.1 403 Forbidden\nDate: " + theirs,
                        "<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>"),
                "");

        Failed.by(() -> store.probe(""))
                .with(Code.DENIED, "the clock of this host is 10800 s ahead of that of the store", "Synchronize");
    }

    @Test
    void aRegionThatTheStoreNamesIsPassedOn() {
        way.next(
                1,
                MeddlingProxy.answer(
                        "HTTP/1.1 301 Moved\nx-amz-bucket-region: eu-west-1",
                        "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>"),
                "");

        Failed.by(() -> store.probe("")).with(Code.REFUSED, "the region us-east-1 is wrong", "to eu-west-1");
    }

    @Test
    void aConnectionThatIsCutWhereABodyIsRefusedShowsTheTrueReason() {
        way.next(100, MeddlingProxy.cut(), "PUT ");
        way.next(
                100,
                MeddlingProxy.answer(
                        "HTTP/1.1 403 Forbidden",
                        "<Error><Code>InvalidAccessKeyId</Code><Message>who?</Message></Error>"),
                "GET ");

        Failed.by(() -> store.put("a", bytes(10), true)).with(Code.DENIED, "does not know the access key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.1 500 Trouble"})
    void anAnswerWithoutAnEndDoesNotFillTheMemory(String head) {
        var root = "<Endless>".getBytes();
        var line = ("<Contents><Key>" + "k".repeat(900) + "</Key></Contents>")
                .repeat(64)
                .getBytes();
        Iterable<byte[]> endless = () -> IntStream.range(0, 100_000)
                .mapToObj(number -> number == 0 ? root : line)
                .iterator();
        way.next(1, MeddlingProxy.answer(head + "\nContent-Type: application/xml", endless), "GET ");

        Failed.by(() -> store.probe("")).with(head.contains("200") ? Code.REFUSED : Code.UNAVAILABLE);
    }

    @Test
    void aLongReasonIsNotRepeatedAsAWhole() {
        var long_ = "x".repeat(30_000);
        way.next(
                1,
                MeddlingProxy.answer(
                        "HTTP/1.1 400 No",
                        "<Error><Code>" + long_ + "</Code><Message>a\n" + long_ + "</Message></Error>"),
                "");

        Failed.by(() -> store.probe("")).with(Code.REFUSED, "xxx...");
    }

    @Test
    void aSecretThatAStoreSendsBackIsNotRepeated() {
        way.next(
                10,
                MeddlingProxy.answer(
                        "HTTP/1.1 400 No",
                        "<Error><Code>Odd</Code><Message>your secret " + gateway.secretKey() + " is</Message></Error>"),
                "");

        Failed.by(() -> store.probe(""))
                .with(Code.REFUSED, "your secret *** is")
                .without(gateway.secretKey());
    }

    @Test
    void entitiesAreNotExpanded() {
        way.next(1, MeddlingProxy.answer("HTTP/1.1 200 OK", """
                <?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>
                <ListBucketResult><Name>&a;</Name><IsTruncated>false</IsTruncated>
                <Contents><Key>a/&a;</Key><Size>1</Size></Contents></ListBucketResult>
                """), "GET ");
        var keys = new ArrayList<String>();
        try {
            store.list("", object -> keys.add(object.key()));
        } catch (StoreFailure refused) {
            assertThat(refused.code()).isEqualTo(Code.REFUSED);
        }

        assertThat(keys).isSubsetOf("a/", "a/&a;");
    }

    @Test
    void aListThatRepeatsItselfEnds() {
        way.next(100, MeddlingProxy.answer("HTTP/1.1 200 OK", """
                <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>
                <Contents><Key>a/b</Key><Size>1</Size></Contents></ListBucketResult>
                """), "GET ");

        Failed.by(() -> store.list("a/", _ -> {})).with(Code.REFUSED, "goes in circles");
    }

    @Test
    void keysThatWereNotAskedForAreLeftOut() {
        way.next(1, MeddlingProxy.answer("HTTP/1.1 200 OK", """
                <ListBucketResult><IsTruncated>false</IsTruncated>
                <Contents><Key>../../etc/passwd</Key><Size>1</Size></Contents>
                <Contents><Key>a/../../b</Key><Size>-5</Size></Contents>
                <Contents></Contents></ListBucketResult>
                """), "GET ");
        var keys = new ArrayList<String>();
        store.list("a/", object -> keys.add(object.key()));

        assertThat(keys).containsExactly("a/../../b");
    }

    @Test
    void anUnusableUploadIdIsNotTaken() {
        way.next(10, MeddlingProxy.answer("HTTP/1.1 200 OK", """
                <InitiateMultipartUploadResult><UploadId>a b</UploadId></InitiateMultipartUploadResult>
                """), "uploads");

        Failed.by(() -> store.begin("a", _ -> {})).with(Code.REFUSED, "no usable id");
    }

    @Test
    void aStoreThatIsTooSlowIsGivenUp() {
        store.close();
        store = open(new Limits(Duration.ofSeconds(2), Duration.ofSeconds(1), 1 << 20, Duration.ofMillis(10)));
        store.put("a", bytes(200_000), true);
        way.slowDown(1 << 10);

        Failed.by(() -> read("a")).with(Code.UNAVAILABLE, "too slow");
        Failed.by(() -> upload("b", 1)).with(Code.UNAVAILABLE);
        way.behave();
        assertThat(read("a")).hasSize(200_000);
    }

    @Test
    void whoeverSlowsAnUploadDownIsNotTakenForAHang() {
        store.close();
        store = open(new Limits(Duration.ofMillis(1500), Duration.ofSeconds(1), 100 << 20, Duration.ofMillis(10)));
        var sent = new AtomicLong();
        try (var upload = store.begin("a", _ -> {})) {
            upload.part(bytes(100_000), 100_000, piece -> {
                if (sent.getAndAdd(piece) == 0) {
                    await(Duration.ofSeconds(2));
                }
            });
            upload.complete();
        }
        assertThat(sent).as("sent once").hasValue(100_000);

        assertThat(read("a")).hasSize(100_000);
    }

    private static void await(Duration time) {
        try {
            assertThat(new CountDownLatch(1).await(time.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS))
                    .isFalse();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStoreThatIsStoppedInTheMiddleHoldsUpNobodyForLong() {
        try (var upload = store.begin("a", _ -> {})) {
            upload.part(bytes(PART), PART, _ -> {});
            gateway.pause();
            try {
                Failed.by(() -> upload.part(bytes(PART), PART, _ -> {})).with(Code.UNAVAILABLE);
                Failed.by(() -> store.probe("")).with(Code.UNAVAILABLE);
                Failed.by(() -> read("a")).with(Code.UNAVAILABLE);
            } finally {
                gateway.resume();
            }
        }
        assertThat(upload("a", 1).sizeBytes()).isEqualTo(PART);
    }

    @Test
    void anInterruptEndsACallToAStoppedStore() throws InterruptedException {
        store.close();
        store = open(Limits.USUAL);
        gateway.pause();
        var failure = new AtomicReference<Throwable>();
        try {
            var caller = Thread.ofPlatform().start(() -> {
                try {
                    store.probe("");
                } catch (StoreFailure interrupted) {
                    failure.set(interrupted);
                }
            });
            org.awaitility.Awaitility.await().until(() -> !way.seen().isEmpty());
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        } finally {
            gateway.resume();
        }
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        StoreFailure.class, failed -> assertThat(failed.code()).isEqualTo(Code.INTERRUPTED));
    }

    @Test
    void aStoreThatWasKilledTakesTheNextCopy() {
        var ids = new ArrayList<String>();
        try {
            var upload = store.begin("a", ids::add);
            upload.part(bytes(PART), PART, _ -> {});
            gateway.kill();
            Failed.by(() -> upload.part(bytes(PART), PART, _ -> {})).with(Code.UNAVAILABLE);
            Failed.by(upload::close).with(Code.UNAVAILABLE);
        } finally {
            gateway.restart();
        }
        store.abort("a", ids.getFirst());
        assertThat(upload("a", 2).sizeBytes()).isEqualTo(2L * PART);
    }
}
