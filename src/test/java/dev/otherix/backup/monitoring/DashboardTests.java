package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Rectangle;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * That Grafana can show the dashboard, as far as its file tells; PrometheusIT asks its queries of a real Prometheus.
 */
class DashboardTests {

    private static final Set<String> TYPES = Set.of("row", "stat", "bargauge", "timeseries", "table");

    private final Dashboard dashboard = Dashboard.read();

    @Test
    void eachPanelHasAnIdOfItsOwnATitleAndATypeThatGrafanaBrings() {
        assertThat(dashboard.panels())
                .extracting(panel -> panel.at("/id").asInt())
                .doesNotHaveDuplicates()
                .doesNotContain(0);
        assertThat(dashboard.panels())
                .extracting(panel -> panel.at("/title").asString())
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(dashboard.panels())
                .extracting(panel -> panel.at("/type").asString())
                .isSubsetOf(TYPES);
    }

    @Test
    void noPanelLiesOnAnotherOrOutsideOfTheGrid() {
        var places = dashboard.panels().stream().map(DashboardTests::place).toList();

        assertThat(places).allSatisfy(place -> {
            assertThat(place.x).isNotNegative();
            assertThat(place.x + place.width).isLessThanOrEqualTo(24);
            assertThat(place.width * place.height).isPositive();
            assertThat(places).filteredOn(place::intersects).as("only itself").hasSize(1);
        });
    }

    @Test
    void eachPanelHasAUnitAndAsksTheChosenDataSourceForTheChosenInstances() {
        assertThat(dashboard.queried()).hasSizeGreaterThan(20).allSatisfy(panel -> {
            assertThat(panel.at("/fieldConfig/defaults/unit").asString()).isNotEmpty();
            var targets = panel.at("/targets").values();
            assertThat(targets)
                    .isNotEmpty()
                    .extracting(target -> target.at("/refId").asString())
                    .doesNotHaveDuplicates();
            assertThat(Stream.concat(Stream.of(panel), targets.stream()))
                    .extracting(asks -> asks.at("/datasource/uid").asString())
                    .containsOnly("${datasource}");
            assertThat(targets)
                    .extracting(target -> target.at("/expr").asString())
                    .allMatch(expression -> expression.contains("{job=~\"$job\",instance=~\"$instance\""));
        });
    }

    @Test
    void itCanBeImportedAnywhereAndMoreThanOnce() {
        var json = dashboard.json();

        assertThat(json.at("/uid").isMissingNode()).as("Grafana gives it one").isTrue();
        assertThat(json.at("/id").isNull()).isTrue();
        assertThat(json.at("/schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
        var variables = json.at("/templating/list").values();
        assertThat(variables)
                .extracting(variable -> variable.at("/name").asString())
                .containsExactly("datasource", "job", "instance");
        assertThat(variables.stream().skip(1)).allSatisfy(variable -> {
            assertThat(variable.at("/multi").asBoolean()).isTrue();
            assertThat(variable.at("/includeAll").asBoolean()).isTrue();
            assertThat(variable.at("/allValue").asString()).isEqualTo(".*");
        });
    }

    @Test
    void everyGaugeAndCounterOfOursThatSaysSomethingOfBackupsIsShown() {
        var shown = dashboard.queried().stream()
                .flatMap(panel -> Dashboard.expressions(panel).stream())
                .toList();

        assertThat(List.of(
                        "last_success_timestamp_seconds",
                        "interval_seconds",
                        "next_due_timestamp_seconds",
                        "enabled",
                        "overdue",
                        "runs_total",
                        "phase_duration_seconds_bucket",
                        "snapshot_size_bytes",
                        "snapshot_keys",
                        "snapshot_revision",
                        "snapshots",
                        "pinned_snapshots",
                        "held_snapshots",
                        "corrupt_snapshots",
                        "removed_total",
                        "vanished_total",
                        "prune_failures_total",
                        "dir_free_bytes",
                        "dir_required_bytes",
                        "member_db_size_bytes",
                        "member_info",
                        "member_alarm",
                        "shared_directory",
                        "ca_match",
                        "verifications_total",
                        "last_drill_success_timestamp_seconds",
                        "drill_failed",
                        "drills_total",
                        "drill_duration_seconds_sum",
                        "offsite_last_success_timestamp_seconds",
                        "offsite_pending",
                        "offsite_snapshots",
                        "offsite_oldest_timestamp_seconds",
                        "offsite_stored_bytes",
                        "offsite_last_check_timestamp_seconds",
                        "offsite_finding",
                        "offsite_copies_total",
                        "offsite_checks_total",
                        "offsite_bytes_total"))
                .allSatisfy(metric -> assertThat(shown)
                        .anyMatch(expression -> expression.contains("otherix_backup_" + metric + "{")));
    }

    private static Rectangle place(JsonNode panel) {
        return new Rectangle(
                panel.at("/gridPos/x").asInt(),
                panel.at("/gridPos/y").asInt(),
                panel.at("/gridPos/w").asInt(),
                panel.at("/gridPos/h").asInt());
    }
}
