package dev.otherix.backup.cli;

import tools.jackson.databind.JsonNode;

/**
 * What the service answers of itself.
 *
 * @param health UP, DOWN or UNKNOWN
 * @param reason of that, as health's details have it
 * @param status what {@code GET /v1/status} answers
 */
record ServiceState(String health, String reason, JsonNode status) {}
