package dev.otherix.backup.cli;

import tools.jackson.databind.JsonNode;

/**
 * The service's report about itself.
 *
 * @param health UP, DOWN or UNKNOWN
 * @param reason the reason in health's details @param status the answer to {@code GET /v1/status}
 */
record ServiceState(String health, String reason, JsonNode status) {}
