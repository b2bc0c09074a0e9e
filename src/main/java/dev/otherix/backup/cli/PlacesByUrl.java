package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.store.FilesystemStore;
import dev.otherix.backup.offsite.store.PlaceWords;
import dev.otherix.backup.offsite.store.S3Credentials;
import dev.otherix.backup.offsite.store.S3Place;
import dev.otherix.backup.offsite.store.S3Store;
import dev.otherix.backup.offsite.store.S3Writing;
import dev.otherix.backup.snapshot.Target;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Finds the place that the options of a command name. What they leave out is in the variables that AWS's own tools
 * read; nothing else of this host counts.
 *
 * @param environment of this process
 * @param home of this user
 */
public record PlacesByUrl(Map<String, String> environment, Path home) implements Function<FromUrl, StorePlace> {

    private static final String USUAL_PREFIX = PlaceWords.USUAL_PREFIX;
    private static final Pattern BUCKET = Pattern.compile("s3://([^/]+)(/.*)?");
    private static final Pattern FILE = Pattern.compile("file://(/.*)");

    @Override
    public StorePlace apply(FromUrl from) {
        var bucket = BUCKET.matcher(from.url());
        if (bucket.matches()) {
            return bucket(bucket.group(1), Optional.ofNullable(bucket.group(2)), from);
        }
        var file = FILE.matcher(from.url());
        if (file.matches()) {
            return directory(file.group(1), from);
        }
        throw usage(
                "--from " + OutputFormat.printable(from.url()) + " is neither s3://BUCKET[/PREFIX] nor file:///PATH",
                "A path has three slashes, as in file:///mnt/backups.");
    }

    private StorePlace bucket(String bucket, Optional<String> path, FromUrl from) {
        var place = new S3Place(
                bucket,
                from.region()
                        .or(() -> variable("AWS_REGION"))
                        .or(() -> variable("AWS_DEFAULT_REGION"))
                        .orElse(null),
                from.endpoint()
                        .or(() -> variable("AWS_ENDPOINT_URL_S3"))
                        .or(() -> variable("AWS_ENDPOINT_URL"))
                        .map(PlacesByUrl::endpoint)
                        .orElse(null),
                from.pathStyle() ? true : null,
                from.caFile().or(() -> variable("AWS_CA_BUNDLE")).map(Path::of).orElse(null),
                null);
        var credentials = credentials();
        var prefix = path.map(PlacesByUrl::prefix).orElse(USUAL_PREFIX);
        return new StorePlace(
                Target.S3,
                prefix,
                Optional.empty(),
                PlaceWords.of(place, prefix),
                List.of(),
                () -> S3Store.open(place, credentials, S3Writing.PLAIN));
    }

    private static String prefix(String path) {
        return path.replaceAll("^/+|/+$", "");
    }

    private static URI endpoint(String text) {
        try {
            var url = URI.create(text);
            if (url.getHost() != null && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            // the same as a URL without a host
        }
        throw usage(
                "the endpoint " + OutputFormat.printable(text) + " is no URL of a store",
                text.contains("://")
                        ? "Write https:// and the host."
                        : "Write https://" + OutputFormat.printable(text) + ".");
    }

    private StorePlace directory(String path, FromUrl from) {
        if (from.endpoint().isPresent()
                || from.region().isPresent()
                || from.caFile().isPresent()
                || from.pathStyle()) {
            throw usage(
                    "--endpoint-url, --region, --ca-file and --path-style mean nothing for a directory",
                    "Leave them out.");
        }
        try {
            var named = Path.of(path).normalize();
            var directory = marked(named);
            var prefix = directory.equals(named)
                    ? Files.isDirectory(named.resolve(USUAL_PREFIX)) ? USUAL_PREFIX : ""
                    : directory.relativize(named).toString();
            return new StorePlace(
                    Target.FILESYSTEM,
                    prefix,
                    Optional.empty(),
                    PlaceWords.of(directory, prefix),
                    List.of(),
                    () -> FilesystemStore.open(directory));
        } catch (InvalidPathException never) {
            throw usage("--from " + OutputFormat.printable(path) + " is no path", "Correct it.");
        }
    }

    /** The target that the path is, or is in. */
    private static Path marked(Path named) {
        for (var above = named; above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(FilesystemStore.MARK))) {
                return above;
            }
        }
        return named;
    }

    /** In the order of AWS's own tools. */
    private S3Credentials credentials() {
        var file = variable("AWS_SHARED_CREDENTIALS_FILE").map(Path::of).orElse(home.resolve(".aws/credentials"));
        var profile = variable("AWS_PROFILE");
        S3Credentials.Source source;
        if (variable("AWS_ACCESS_KEY_ID").isPresent() && profile.isEmpty()) {
            source = S3Credentials.Source.ENVIRONMENT;
        } else if (variable("AWS_WEB_IDENTITY_TOKEN_FILE").isPresent()) {
            source = S3Credentials.Source.WEB_IDENTITY;
        } else if (variable("AWS_SHARED_CREDENTIALS_FILE").isPresent() || profile.isPresent() || Files.exists(file)) {
            source = S3Credentials.Source.FILE;
        } else if (variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").isPresent()
                || variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").isPresent()) {
            source = S3Credentials.Source.CONTAINER;
        } else if (variable("AWS_EC2_METADATA_DISABLED")
                .filter("true"::equalsIgnoreCase)
                .isPresent()) {
            throw usage(
                    "there are no credentials for the store",
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE.");
        } else {
            source = S3Credentials.Source.INSTANCE;
        }
        return new S3Credentials(
                source,
                source == S3Credentials.Source.FILE ? file : null,
                profile.orElse(null),
                null,
                null,
                environment);
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static CommandFailure usage(String problem, String fix) {
        return new CommandFailure(problem, fix, ExitCode.USAGE, null);
    }
}
