package dev.otherix.backup.cli;

import dev.otherix.backup.realetcd.EtcdProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A member as a person with curl sees it: etcd's JSON gateway. */
final class Gateway implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    Gateway(EtcdProcess etcd) {
        this.url = etcd.clientUrl();
    }

    /** A transaction without a condition; returns its revision. */
    long txn(List<Object> operations) {
        var answer = post("/v3/kv/txn", JsonMapper.shared().writeValueAsString(Map.of("success", operations)));
        return Long.parseLong(answer.at("/header/revision").asString());
    }

    static Object put(String key, String value) {
        return put(key, value, 0);
    }

    static Object put(String key, String value, long lease) {
        return Map.of(
                "request_put", Map.of("key", base64(key), "value", base64(value), "lease", String.valueOf(lease)));
    }

    static Object delete(String key) {
        return Map.of("request_delete_range", Map.of("key", base64(key)));
    }

    long lease(long seconds) {
        var answer = post("/v3/lease/grant", "{\"TTL\":\"" + seconds + "\"}");
        return Long.parseLong(answer.path("ID").asString());
    }

    /** The value and the lease of each key that is live. */
    Map<String, String> state() {
        var state = new TreeMap<String, String>();
        rows().forEach(row -> state.put(
                text(row, "key"), text(row, "value") + " " + row.path("lease").asString("0")));
        return state;
    }

    /** The revision in which each live key was last put. */
    Map<String, Long> revisions() {
        var revisions = new TreeMap<String, Long>();
        rows().forEach(row -> revisions.put(
                text(row, "key"), Long.parseLong(row.path("mod_revision").asString())));
        return revisions;
    }

    private List<JsonNode> rows() {
        var all = post("/v3/kv/range", "{\"key\":\"AA==\",\"range_end\":\"AA==\"}");
        return new ArrayList<>(all.path("kvs").valueStream().toList());
    }

    JsonNode post(String path, String body) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.body());
            }
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(JsonNode row, String field) {
        return new String(Base64.getDecoder().decode(row.path(field).asString("")), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
