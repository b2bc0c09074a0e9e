package dev.otherix.backup.offsite.store;

import dev.otherix.backup.config.UnreadableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Reads the credentials of a file or of the environment, at each use. Messages name the place, never a value. */
final class ChosenCredentials implements AwsCredentialsProvider {

    private final S3Credentials chosen;

    ChosenCredentials(S3Credentials chosen) {
        this.chosen = chosen;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        var file = chosen.file();
        return chosen.source() == S3Credentials.Source.FILE && file != null
                ? ofProfile(file, Optional.ofNullable(chosen.profile()).orElse("default"))
                : ofEnvironment();
    }

    private AwsCredentials ofEnvironment() {
        var environment = chosen.environment();
        return credentials(
                environment.get("AWS_ACCESS_KEY_ID"),
                environment.get("AWS_SECRET_ACCESS_KEY"),
                environment.get("AWS_SESSION_TOKEN"),
                "the environment has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY. Set both");
    }

    private static AwsCredentials ofProfile(Path file, String profile) {
        var profiles = Profiles.in(text(file));
        var found = profiles.get(profile);
        if (found == null) {
            throw denied("%s has no profile '%s', only: %s. Correct the name of the profile"
                    .formatted(file, profile, String.join(", ", profiles.keySet())));
        }
        return credentials(
                found.get("aws_access_key_id"),
                found.get("aws_secret_access_key"),
                found.get("aws_session_token"),
                "the profile '%s' in %s has no aws_access_key_id or no aws_secret_access_key. Write both there"
                        .formatted(profile, file));
    }

    private static AwsCredentials credentials(
            @Nullable String id, @Nullable String secret, @Nullable String token, String missing) {
        if (id == null || id.isBlank() || secret == null || secret.isBlank()) {
            throw denied(missing);
        }
        return token == null || token.isBlank()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, token);
    }

    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(Profiles.LARGEST + 1);
            if (bytes.length > Profiles.LARGEST) {
                throw denied(file + " is larger than 1 MiB, so it is no credentials file. Name the right file");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new StoreFailure(
                    StoreFailure.Code.DENIED,
                    "the credentials file cannot be read: "
                            + UnreadableFile.of(file, unreadable).problem() + ": " + file,
                    unreadable);
        }
    }

    private static StoreFailure denied(String message) {
        return new StoreFailure(StoreFailure.Code.DENIED, message, null);
    }
}
