package dev.otherix.backup.monitoring;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard for Grafana.
 *
 * @param json as it is imported
 */
record Dashboard(JsonNode json) {

    static final Path FILE = Path.of("helm/otherix-etcd-backup/files/dashboard.json");

    static Dashboard read() {
        return new Dashboard(new JsonMapper().readTree(FILE.toFile()));
    }

    /** All panels: rows, and those that a closed row holds. */
    List<JsonNode> panels() {
        return json.at("/panels").values().stream()
                .flatMap(panel -> Stream.concat(Stream.of(panel), panel.at("/panels").values().stream()))
                .toList();
    }

    /** All panels but the rows. */
    List<JsonNode> queried() {
        return panels().stream()
                .filter(panel -> !panel.at("/type").asString().equals("row"))
                .toList();
    }

    /** The expressions of a panel, as they are with everything chosen and an hour shown. */
    static List<String> expressions(JsonNode panel) {
        return panel.at("/targets").values().stream()
                .map(target -> target.at("/expr")
                        .asString()
                        .replace("$job", ".*")
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "1m")
                        .replace("$__range", "1h"))
                .toList();
    }
}
