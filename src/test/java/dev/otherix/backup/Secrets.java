package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds what must be in no log and no answer: tokens of this service, the passwords that tests use, and private keys,
 * be it as PEM or as etcd holds the cluster CA's.
 */
public final class Secrets {

    /** Begins every password that a test gives to etcd, so that it is found wherever it turns up. */
    public static final String PASSWORD = "canary-password-";

    private static final Pattern SECRET = Pattern.compile("oeb_[A-Za-z0-9_-]{40,}|" + PASSWORD + "|PRIVATE KEY|"
            // the beginning of such a PEM in base64, and the field of etcd's row that holds it
            + "LS0tLS1CRUdJTiBQUklWQVRF|LS0tLS1CRUdJTiBFQyBQUklWQVRF|\"KeyPem\"");
    private static final int SHOWN = 12;

    private Secrets() {}

    /** The beginning of the first secret in {@code text}. */
    public static Optional<String> find(CharSequence text) {
        var found = SECRET.matcher(text);
        return found.find()
                ? Optional.of(
                        found.group().substring(0, Math.min(SHOWN, found.group().length())) + "...")
                : Optional.empty();
    }

    /** Fails where an answer holds one, and hands it back otherwise. */
    static HttpResponse<String> in(HttpResponse<String> answer) {
        assertThat(find(answer.headers().map() + "\n" + answer.body()))
                .as("a secret in the answer of %s", answer.uri())
                .isEmpty();
        return answer;
    }
}
