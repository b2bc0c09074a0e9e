package dev.otherix.backup.offsite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A policy as the page has it, for a reader to paste. */
record BucketPolicy(String json) {

    private static final Path PAGE = Path.of("src/site/markdown/offsite-years.md");
    private static final JsonMapper JSON = new JsonMapper();

    /** @param name that of the comment before the block */
    static BucketPolicy named(String name) {
        try {
            var block = Pattern.compile("<!-- policy: " + name + " -->\n```json\n(.*?)```\n", Pattern.DOTALL)
                    .matcher(Files.readString(PAGE));
            if (!block.find()) {
                throw new IllegalStateException("no policy named " + name + " in " + PAGE);
            }
            return new BucketPolicy(block.group(1));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** With the statements of another block. */
    BucketPolicy and(String name) {
        var policy = (ObjectNode) JSON.readTree(json);
        ((ArrayNode) policy.get("Statement")).addAll((ArrayNode) JSON.readTree(named(name).json));
        return new BucketPolicy(policy.toString());
    }

    BucketPolicy without(String action) {
        var policy = JSON.readTree(json);
        var statements = (ArrayNode) policy.get("Statement");
        for (var at = statements.size() - 1; at >= 0; at--) {
            var actions = (ArrayNode) statements.get(at).get("Action");
            for (var one = actions.size() - 1; one >= 0; one--) {
                if (actions.get(one).stringValue().equals(action)) {
                    actions.remove(one);
                }
            }
            if (actions.isEmpty()) {
                statements.remove(at);
            }
        }
        return new BucketPolicy(policy.toString());
    }

    /** What it allows. */
    java.util.List<String> actions() {
        return JSON.readTree(json)
                .get("Statement")
                .valueStream()
                .flatMap(statement -> statement.get("Action").valueStream())
                .map(JsonNode::stringValue)
                .toList();
    }

    /** As a person fills it in. */
    String filled(String bucket, String writer, String reader) {
        return json.replace("BUCKET", bucket).replace("WRITER", writer).replace("READER", reader);
    }
}
