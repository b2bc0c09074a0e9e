package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.restore.ApiConfig;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The paths on a host that a plan names. */
record PlanPaths(Path dataDirectory, Path caCertificate) {

    private static final String DEFAULTS = "; the paths of the plan are otherix's defaults";

    /**
     * Those of this machine; otherix's defaults where its api.yaml is lost, damaged, or closed to this user.
     *
     * @param said gets why they are the defaults
     */
    static PlanPaths of(Path apiConfig, Consumer<String> said) {
        var closed = UnreadableFile.of(apiConfig);
        if (closed.isPresent()) {
            if (!closed.get().missing()) {
                said.accept(apiConfig + " " + closed.get().problem() + DEFAULTS);
            }
            return of(ApiConfig.defaults());
        }
        try {
            return of(ApiConfig.read(apiConfig));
        } catch (UnusableConfigFile unusable) {
            said.accept(unusable.getMessage() + DEFAULTS);
            return of(ApiConfig.defaults());
        }
    }

    private static PlanPaths of(ApiConfig config) {
        return new PlanPaths(
                config.dataDirectory().value(), config.caCertificate().value());
    }

    Path caDirectory() {
        return caCertificate.resolveSibling("");
    }
}
