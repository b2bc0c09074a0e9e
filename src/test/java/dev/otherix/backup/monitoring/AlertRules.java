package dev.otherix.backup.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The file of rules that an operator gives to Prometheus. */
final class AlertRules {

    static final Path FILE = Path.of("helm/otherix-etcd-backup/files/rules.yml");

    private AlertRules() {}

    /** @param name empty for a rule that records */
    record Rule(String name, String expression, Map<String, Object> labels, Map<String, Object> annotations) {}

    /** All rules, those that only record included. */
    static List<Rule> all() {
        var rules = new ArrayList<Rule>();
        for (var group : maps(yaml(FILE).get("groups"))) {
            for (var rule : maps(group.get("rules"))) {
                rules.add(new Rule(
                        String.valueOf(rule.getOrDefault("alert", "")),
                        String.valueOf(rule.get("expr")),
                        map(rule.getOrDefault("labels", Map.of())),
                        map(rule.getOrDefault("annotations", Map.of()))));
            }
        }
        return rules;
    }

    static List<Rule> alerts() {
        return all().stream().filter(rule -> !rule.name().isEmpty()).toList();
    }

    static Map<String, Object> yaml(Path file) {
        try {
            return map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }
}
