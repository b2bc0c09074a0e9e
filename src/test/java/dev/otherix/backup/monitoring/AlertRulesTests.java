package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realprometheus.NeedsPrometheus;
import dev.otherix.backup.realprometheus.PrometheusHomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the alerts to their unit tests, which promtool runs, and to the page that says what to do. */
class AlertRulesTests {

    private static final Path UNIT_TESTS = Path.of("src/test/alerts");
    private static final Path PAGE = Path.of("src/site/markdown/alerts.md");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (OtherixBackup\\w+)$");

    @Test
    @NeedsPrometheus
    void eachAlertFiresAndStaysSilentAsItsUnitTestsSay() throws IOException {
        var arguments = new ArrayList<>(List.of("test", "rules"));
        unitTests().map(Path::toString).forEach(arguments::add);

        var result = PrometheusHomes.first().promtool(arguments.toArray(String[]::new));

        assertThat(result.exitCode())
                .as("%s%s", result.output(), result.errors())
                .isZero();
    }

    @Test
    void eachAlertHasAUnitTestInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        var fires = new TreeSet<String>();
        var silent = new TreeSet<String>();
        unitTests()
                .flatMap(file -> AlertRules.maps(AlertRules.yaml(file).get("tests")).stream())
                .flatMap(test -> AlertRules.maps(test.get("alert_rule_test")).stream())
                .forEach(expectation -> (AlertRules.maps(expectation.get("exp_alerts"))
                                        .isEmpty()
                                ? silent
                                : fires)
                        .add(String.valueOf(expectation.get("alertname"))));

        assertThat(fires).containsExactlyInAnyOrderElementsOf(names());
        assertThat(silent).containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    void eachAlertSaysHowBadItIsWhatToDoAndWhereMoreIsWritten() {
        assertThat(AlertRules.alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).isIn("critical", "warning");
            assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
            assertThat(alert.annotations().get("runbook_url").toString())
                    .isEqualTo("https://github.com/otherix/otherix-etcd-backup/blob/main/" + PAGE + "#"
                            + alert.name().toLowerCase());
            assertThat(alert.annotations().get("description").toString()).contains("$labels.instance", "$labels.pod");
        });
    }

    @Test
    void eachAlertHasItsSectionWithItsSeverityAndEachSectionItsAlert() throws IOException {
        var page = Files.readString(PAGE);

        assertThat(SECTION.matcher(page).results().map(section -> section.group(1)))
                .containsExactlyElementsOf(names());
        assertThat(AlertRules.alerts()).allSatisfy(alert -> {
            var section =
                    page.substring(page.indexOf("## " + alert.name() + "\n")).split("\n## ")[0];
            assertThat(section)
                    .contains(
                            "**Severity:** " + alert.labels().get("severity"), "**Means:**", "**Look at:**", "**Do:**");
        });
    }

    @Test
    void theFileIsPlainForTheChartTakesItInAsItIs() throws IOException {
        assertThat(Files.readString(AlertRules.FILE)).doesNotContain("{{ .Values", "{{- include", "\t");
        assertThat(AlertRules.yaml(AlertRules.FILE)).containsOnlyKeys("groups");
    }

    private static List<String> names() {
        return AlertRules.alerts().stream().map(AlertRules.Rule::name).toList();
    }

    private static Stream<Path> unitTests() throws IOException {
        try (var files = Files.list(UNIT_TESTS)) {
            return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList().stream();
        }
    }
}
