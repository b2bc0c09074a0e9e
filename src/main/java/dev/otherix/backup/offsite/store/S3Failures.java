package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Puts what went wrong with a bucket into words that an operator can act on. */
final class S3Failures {

    private static final int LONGEST_QUOTE = 200;

    private final S3Place place;
    private final S3Login login;
    private final Clock clock;

    S3Failures(S3Place place, S3Login login, Clock clock) {
        this.place = place;
        this.login = login;
        this.clock = clock;
    }

    /** @param doing what was tried: {@code "writing KEY"} */
    StoreFailure of(String doing, Throwable thrown) {
        var known = causes(thrown)
                .filter(StoreFailure.class::isInstance)
                .map(StoreFailure.class::cast)
                .findFirst();
        if (known.isPresent()) {
            return failure(known.get().code(), quoted(String.valueOf(known.get().getMessage())), null);
        }
        var refused = causes(thrown)
                .filter(AwsServiceException.class::isInstance)
                .map(AwsServiceException.class::cast)
                .findFirst();
        return refused.map(said -> refused(doing, said)).orElseGet(() -> broken(doing, thrown));
    }

    /** A failure that this package found itself. */
    StoreFailure failure(Code code, String message, @Nullable Throwable cause) {
        var words = login.withoutSecrets(message);
        var begins = "s3://" + place.bucket();
        return new StoreFailure(code, words.startsWith(begins) ? words : begins + ": " + words, cause);
    }

    static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }

    private StoreFailure refused(String doing, AwsServiceException said) {
        var details = said.awsErrorDetails();
        @Nullable String code = details == null ? null : details.errorCode();
        @Nullable String message = details == null ? null : details.errorMessage();
        @Nullable SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
        var status = said.statusCode();
        var answer = "the store says "
                + (code == null || code.isBlank() ? "HTTP " + status : quoted(code) + " (HTTP " + status + ")")
                + (message == null || message.isBlank()
                        ? ""
                        : ": " + quoted(message).replaceFirst("[. ]+$", ""));
        if (place.proxy() != null && isOfProxy(code, response)) {
            return failure(
                    Code.UNAVAILABLE,
                    doing + " failed: the proxy " + place.proxy() + " refuses it ("
                            + answer.replaceFirst("the store", "it") + "). Allow it there, or correct offsite.s3.proxy",
                    null);
        }
        if (doing.startsWith("deleting") && status < 500 && S3Words.nameALock(code, message)) {
            return failure(Code.HELD, doing + ": a lock keeps it (" + answer + ")", null);
        }
        var problem = code == null ? null : known(doing, S3Words.code(code, message), status, response);
        if (problem != null) {
            return failure(problem.code(), problem.words() + " (" + answer + ")", null);
        }
        return ofStatus(doing, status, answer, response);
    }

    /** Whether an answer has nothing that a store puts into one. */
    private static boolean isOfProxy(@Nullable String code, @Nullable SdkHttpResponse response) {
        return (code == null || code.isBlank())
                && (response == null
                        || response.firstMatchingHeader("x-amz-request-id").isEmpty());
    }

    private record Problem(Code code, String words) {}

    private @Nullable Problem known(String doing, String code, int status, @Nullable SdkHttpResponse response) {
        var key = login.accessKey()
                .map(name -> " of the access key " + quoted(name))
                .orElse("");
        return switch (code) {
            case "SignatureDoesNotMatch" ->
                new Problem(
                        Code.DENIED,
                        "the secret key" + key + " is wrong, or a proxy changes requests. Correct the credentials");
            case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException" ->
                new Problem(
                        Code.DENIED,
                        login.accessKey()
                                        .map(name -> "the store does not know the access key " + quoted(name))
                                        .orElse("the store does not know the access key")
                                + ". Correct the credentials");
            case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired" ->
                new Problem(Code.DENIED, "the session token" + key + " has expired or is wrong. Get new credentials");
            case "RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired" ->
                new Problem(
                        Code.DENIED,
                        "the clock of this host " + skew(response) + ". Synchronize it, for example with chrony");
            case "AuthorizationHeaderMalformed",
                    "PermanentRedirect",
                    "TemporaryRedirect",
                    "IllegalLocationConstraintException",
                    "InvalidRegion" ->
                new Problem(
                        Code.REFUSED, "the region " + place.regionOrUsual() + " is wrong. " + rightRegion(response));
            case "NoSuchBucket" ->
                new Problem(
                        Code.NO_SUCH_PLACE,
                        "there is no bucket '" + place.bucket()
                                + "'. Make it, or correct its name (offsite.s3.bucket) or the endpoint");
            case "NoSuchKey", S3Words.NO_SUCH_VERSION, "ObjectLockConfigurationNotFoundError" ->
                new Problem(Code.NO_SUCH_OBJECT, doing + ": there is no such object");
            case "NoSuchUpload" ->
                new Problem(Code.NO_SUCH_OBJECT, doing + ": the store knows no such upload, or no longer");
            case "PreconditionFailed" -> new Problem(Code.EXISTS, doing + ": the key has an object already");
            case "InvalidObjectState" ->
                new Problem(Code.ARCHIVED, doing + ": the object is in an archive class. Restore it from there first");
            case "QuotaExceeded",
                    "QuotaExceededException",
                    "XMinioStorageFull",
                    "XMinioAdminBucketQuotaExceeded",
                    "InsufficientStorage",
                    "InsufficientCapacity",
                    "StorageFull" ->
                new Problem(Code.FULL, doing + ": the store is full, or a quota is reached. Raise it, or make room");
            case "InvalidStorageClass" ->
                new Problem(
                        Code.REFUSED,
                        doing + ": the store has no such storage class. Correct offsite.s3.storage_class");
            case "AccessDenied",
                    "AccessDeniedException",
                    "AllAccessDisabled",
                    "AccountProblem",
                    "UnauthorizedAccess",
                    "MethodNotAllowed" ->
                new Problem(Code.DENIED, "the credentials" + key + " are not enough for " + doing + permission(doing));
            case "InternalError",
                    "SlowDown",
                    "ServiceUnavailable",
                    "RequestTimeout",
                    "OperationAborted",
                    "ConditionalRequestConflict",
                    "Throttling",
                    "ThrottlingException",
                    "TooManyRequests",
                    "BadDigest",
                    "XAmzContentSHA256Mismatch" ->
                new Problem(Code.UNAVAILABLE, doing + " failed for now; it is tried again");
            default -> status == 507 ? new Problem(Code.FULL, doing + ": the store is full") : null;
        };
    }

    private StoreFailure ofStatus(String doing, int status, String answer, @Nullable SdkHttpResponse response) {
        return switch (status) {
            case 301, 307 ->
                failure(
                        Code.REFUSED,
                        "the region " + place.regionOrUsual() + " is wrong. " + rightRegion(response) + " (" + answer
                                + ")",
                        null);
            case 401, 403 ->
                failure(
                        Code.DENIED,
                        "the credentials are not enough for " + doing + permission(doing) + " (" + answer + ")",
                        null);
            case 404 -> failure(Code.NO_SUCH_OBJECT, doing + ": there is no such object (" + answer + ")", null);
            case 409, 408, 425, 429, 500, 502, 503, 504 ->
                failure(Code.UNAVAILABLE, doing + " failed for now; it is tried again (" + answer + ")", null);
            case 412 -> failure(Code.EXISTS, doing + ": the key has an object already (" + answer + ")", null);
            case 507 -> failure(Code.FULL, doing + ": the store is full (" + answer + ")", null);
            default ->
                status >= 500
                        ? failure(Code.UNAVAILABLE, doing + " failed for now; it is tried again (" + answer + ")", null)
                        : failure(Code.REFUSED, doing + " was refused: " + answer, null);
        };
    }

    private StoreFailure broken(String doing, Throwable thrown) {
        var problem = BrokenConnection.of(thrown, place);
        return failure(
                problem.code(),
                doing + " failed: " + quoted(problem.words()),
                causes(thrown).filter(IOException.class::isInstance).findFirst().orElse(null));
    }

    private static String permission(String doing) {
        return ". Allow " + S3Permissions.of(doing)
                + (doing.startsWith("deleting") ? "" : ", and check that the bucket may be written");
    }

    private static String rightRegion(@Nullable SdkHttpResponse response) {
        return Optional.ofNullable(response)
                .flatMap(answer -> answer.firstMatchingHeader("x-amz-bucket-region"))
                .map(region -> "Set offsite.s3.region (or --region) to " + quoted(region))
                .orElse("Set offsite.s3.region (or --region) to that of the bucket");
    }

    private String skew(@Nullable SdkHttpResponse response) {
        return Optional.ofNullable(response)
                .flatMap(answer -> answer.firstMatchingHeader("Date"))
                .flatMap(S3Failures::time)
                .map(theirs -> Duration.between(theirs.toInstant(), clock.instant()))
                .map(ahead -> "is %d s %s that of the store"
                        .formatted(Math.abs(ahead.toSeconds()), ahead.isNegative() ? "behind" : "ahead of"))
                .orElse("differs from that of the store");
    }

    private static Optional<ZonedDateTime> time(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
    }

    /** What a store says, short and in one line. */
    static String quoted(String text) {
        var line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
    }
}
