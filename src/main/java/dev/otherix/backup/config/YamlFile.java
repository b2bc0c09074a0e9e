package dev.otherix.backup.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserException;
import org.yaml.snakeyaml.scanner.ScannerException;

/**
 * Reads one YAML file into settings: full keys, the text as written, the line. Does not know which keys exist. Works on
 * SnakeYAML's nodes, because Spring Boot's YAML loader writes the whole document to its debug log.
 */
public final class YamlFile {

    private static final int DEEPEST = 50;
    // of SnakeYAML's parser: names the kinds of its tokens, never the content of the file
    private static final String UNEXPECTED_BLOCK = "expected <block end>, but found ";

    private final Path file;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private YamlFile(Path file) {
        this.file = file;
    }

    /** @throws UnusableConfigFile if it is not one YAML document that maps keys to values; comments alone are fine */
    public static List<Setting> read(Path file) {
        var yaml = new YamlFile(file);
        var root = yaml.document(FileText.read(file));
        if (root instanceof MappingNode mapping) {
            yaml.add("", mapping, 0);
        } else if (root != null && root.getTag() != Tag.NULL) {
            throw yaml.refused(null, "does not map keys to values", "Write lines such as key: value.");
        }
        return List.copyOf(yaml.settings.values());
    }

    private @Nullable Node document(String text) {
        var documents = new ArrayList<Node>();
        try {
            new Yaml(new LoaderOptions()).composeAll(new StringReader(text)).forEach(documents::add);
        } catch (MarkedYAMLException malformed) {
            // Neither the cause nor most messages are kept: they quote the file, which may hold secrets.
            if (malformed instanceof ParserException && malformed.getProblem().startsWith(UNEXPECTED_BLOCK)) {
                throw refused(
                        malformed.getProblemMark(),
                        "is not valid YAML: the indentation does not fit that of the lines before",
                        "Indent the keys of one block by the same number of spaces.");
            }
            var problem = malformed instanceof ScannerException ? ": " + malformed.getProblem() : "";
            throw refused(
                    malformed.getProblemMark(),
                    "is not valid YAML" + problem,
                    problem.contains("mapping values")
                            ? "The line is indented too far, or has a second colon: indent the keys of one block "
                                    + "alike, and put a value with a colon in quotes."
                            : "Correct the line.");
        } catch (YAMLException malformed) {
            throw refused(null, "is not valid YAML", "Correct the file.");
        }
        if (documents.size() > 1) {
            throw refused(
                    documents.get(1).getStartMark(),
                    "holds " + documents.size() + " YAML documents",
                    "Keep one document: remove the lines that are only ---.");
        }
        return documents.isEmpty() ? null : documents.getFirst();
    }

    private void add(String key, Node node, int depth) {
        switch (node) {
            case MappingNode mapping
            when !mapping.getValue().isEmpty() -> addMapping(key, mapping, depth, new HashSet<>());
            case SequenceNode sequence -> addSequence(key, sequence, depth);
            case ScalarNode scalar when scalar.getTag() != Tag.NULL -> put(key, scalar.getValue(), node);
            default -> put(key, "", node);
        }
    }

    /** @param taken names that the mapping, or one that it is merged into, already has */
    private void addMapping(String key, MappingNode mapping, int depth, Set<String> taken) {
        refuseTooDeep(mapping, depth);
        var own = new HashSet<String>();
        var merged = new ArrayList<MappingNode>();
        for (var entry : mapping.getValue()) {
            var name = name(entry.getKeyNode());
            if (entry.getKeyNode().getTag() == Tag.MERGE) {
                merged.addAll(mappings(entry.getValueNode()));
            } else if (!own.add(name)) {
                throw twice(name, entry.getKeyNode());
            } else if (!taken.contains(name)) {
                add(key.isEmpty() ? name : key + "." + name, entry.getValueNode(), depth + 1);
            }
        }
        taken.addAll(own);
        merged.forEach(other -> addMapping(key, other, depth + 1, taken));
    }

    private List<MappingNode> mappings(Node node) {
        if (node instanceof MappingNode mapping) {
            return List.of(mapping);
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .flatMap(part -> mappings(part).stream())
                    .toList();
        }
        throw refused(node.getStartMark(), "merges something that is not a mapping", "Correct the line.");
    }

    private void addSequence(String key, SequenceNode sequence, int depth) {
        refuseTooDeep(sequence, depth);
        if (sequence.getValue().isEmpty()) {
            put(key + "[]", "", sequence);
        }
        int index = 0;
        for (var part : sequence.getValue()) {
            add(key + "[" + index++ + "]", part, depth + 1);
        }
    }

    private String name(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw refused(node.getStartMark(), "has a key that is not text", "Correct the line.");
    }

    private void put(String key, String text, Node node) {
        var source = file + ", line " + (node.getStartMark().getLine() + 1);
        if (settings.putIfAbsent(key, new Setting(key, text, source)) != null) {
            throw twice(key, node);
        }
    }

    private void refuseTooDeep(Node node, int depth) {
        if (depth > DEEPEST) {
            throw refused(
                    node.getStartMark(), "is nested too deep, or has a part that holds itself", "Remove the alias.");
        }
    }

    private UnusableConfigFile twice(String key, Node node) {
        return refused(node.getStartMark(), "has a key twice: " + key, "Remove one of them.");
    }

    private UnusableConfigFile refused(@Nullable Mark mark, String problem, String fix) {
        return new UnusableConfigFile(file, mark == null ? null : mark.getLine() + 1, problem, fix, null);
    }
}
