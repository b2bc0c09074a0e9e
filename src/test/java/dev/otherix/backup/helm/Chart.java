package dev.otherix.backup.helm;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * A chart and how Helm reads it.
 *
 * @param directory where it stands
 * @param work where its values are written
 */
public record Chart(Path directory, Path work) {

    static final Path OURS = Path.of("helm", "otherix-etcd-backup");
    static final String RELEASE = "backup";
    private static final Path PARENT = Path.of("src", "test", "helm", "parent");
    // Helm's own default is older than native sidecars
    private static final String KUBERNETES = "1.33.0";

    /** The chart as it is, installed on its own. */
    static Chart ours(Path work) {
        return new Chart(OURS, work);
    }

    /** The small chart of an otherix-api that has ours as its dependency. */
    public static Chart parent(Path work) {
        try {
            var copy = work.resolve("parent");
            FileSystemUtils.copyRecursively(PARENT, copy);
            FileSystemUtils.copyRecursively(OURS, copy.resolve("charts").resolve(OURS.getFileName()));
            return new Chart(copy, work);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    LintResult lint() {
        return new Helm(directory).lint().strict().call();
    }

    /** What would be sent to a cluster that has nothing of it yet, with these values in YAML over the chart's own. */
    public Manifests template(String values) {
        return templateOver("", values);
    }

    /** What would be sent to a cluster that has this Secret, as JSON. */
    Manifests templateOver(String secret, String values) {
        return template(RELEASE, secret, values);
    }

    /** What would be sent for a release of this name. */
    Manifests templateAs(String release, String values) {
        return template(release, "", values);
    }

    private Manifests template(String release, String secret, String values) {
        try (var _ = new KubernetesApi(secret)) {
            return Manifests.parse(new Helm(directory)
                    .template()
                    .withName(release)
                    .withNamespace("otherix")
                    .withKubeVersion(KUBERNETES)
                    .withValuesFile(file(values))
                    .call());
        }
    }

    /** What an installation prints at its end. */
    String notes(String values) {
        return new Helm(directory)
                .install()
                .withName(RELEASE)
                .withNamespace("otherix")
                .withKubeVersion(KUBERNETES)
                .clientOnly()
                .withDryRunOption(DryRun.CLIENT)
                .withValuesFile(file(values))
                .call()
                .getOutput();
    }

    private Path file(String values) {
        try {
            return Files.writeString(work.resolve("values.yaml"), values);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
