package dev.otherix.backup.api;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;

/**
 * The block {@code api}.
 *
 * @param listen where the HTTP API listens; loopback only, because the API asks nobody who they are
 */
@Block("api")
public record ApiProperties(@Default("127.0.0.1:8090") ListenAddress listen) {

    public ApiProperties {
        if (!listen.isLoopback()) {
            throw new InvalidSetting("api.listen", listen,
                    "is not a loopback address, and the API has no access control: whoever reaches it may read the cluster CA's key",
                    "Listen on loopback, for example 127.0.0.1:8090.");
        }
    }
}
