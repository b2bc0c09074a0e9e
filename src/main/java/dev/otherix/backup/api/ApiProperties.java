package dev.otherix.backup.api;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InPlaceOf;
import dev.otherix.backup.config.ListenAddress;

/**
 * The block {@code api}, without the keys for access.
 *
 * @param listen address of the HTTP API; outside loopback only with TLS
 */
@Block("api")
public record ApiProperties(
        @Default("127.0.0.1:8090") @InPlaceOf("server") ListenAddress listen) {}
