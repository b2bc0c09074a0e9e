package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.Findings;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges the versions that a file says of itself against the etcd that must start with it (etcd:
 * server/etcdserver/version, server/storage/schema/{schema,migration,membership}.go). Both versions matter from 3.6 on:
 * earlier ones start with any.
 */
final class StoreVersions {

    private static final String CLUSTER = "cluster";
    private static final String META = "meta";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final EtcdVersion line;
    private final Findings findings;
    private final List<Remark> remarks;
    private @Nullable EtcdVersion needed;

    StoreVersions(EtcdVersion line, Findings findings, List<Remark> remarks) {
        this.line = line;
        this.findings = findings;
        this.remarks = remarks;
    }

    void cluster(long page, String text) {
        if (EtcdVersion.V3_6.newerThan(line)) {
            return;
        }
        var parsed = EtcdVersion.parse(text);
        if (parsed.isEmpty()) {
            findings.add(
                    "cluster_version",
                    page,
                    CLUSTER,
                    () -> "the cluster version is no version; etcd does not start with it");
            return;
        }
        var version = parsed.get();
        if (version.major() < EtcdVersion.NEWEST.major()) {
            findings.add(
                    "cluster_version",
                    page,
                    CLUSTER,
                    () -> "the cluster version is " + version + "; no etcd becomes ready with it");
            return;
        }
        // etcd compares it with its own line, patch 0
        var whole = version.patch() == 0 && text.indexOf('-') < 0;
        need(
                page,
                "cluster_version",
                CLUSTER,
                "cluster version",
                version,
                whole ? version : new EtcdVersion(version.major(), version.minor() + 1, 0));
    }

    void storage(long page, String text) {
        if (EtcdVersion.V3_6.newerThan(line)) {
            return;
        }
        var parsed = EtcdVersion.parse(text);
        if (parsed.isEmpty()) {
            remarks.add(new Remark(
                    "storage_version",
                    "the storage version is no version; etcd takes the file for one of 3.5 and goes on"));
            return;
        }
        var version = parsed.get();
        if (EtcdVersion.V3_5.newerThan(version)) {
            findings.add(
                    "storage_version",
                    page,
                    META,
                    () -> "the storage version is " + version + "; no etcd starts with it");
        } else {
            need(page, "storage_version", META, "storage version", version, version);
        }
    }

    private void need(long page, String code, String bucket, String what, EtcdVersion version, EtcdVersion atLeast) {
        if (atLeast.newerThan(line)) {
            findings.add(
                    code,
                    page,
                    bucket,
                    () -> "the " + what + " is " + version + "; etcd " + line.line()
                            + " and earlier do not start with it");
        }
        needed = needed == null ? atLeast : EtcdVersion.later(needed, atLeast);
    }

    void downgrade(long page, String text) {
        if (EtcdVersion.V3_5.newerThan(line)) {
            return;
        }
        try {
            var row = JSON.readTree(text);
            var enabled = field(row, "enabled");
            var target = field(row, "target-version");
            var readable = (row.isObject() || row.isNull())
                    && enabled.map(JsonNode::isBoolean).orElse(true)
                    && target.map(JsonNode::isString).orElse(true);
            var underWay = readable && enabled.map(JsonNode::booleanValue).orElse(false);
            var version = underWay
                    ? EtcdVersion.parse(target.map(JsonNode::stringValue).orElse(""))
                    : Optional.<EtcdVersion>empty();
            if (version.isPresent()) {
                remarks.add(new Remark(
                        "downgrade",
                        "it was taken during a downgrade to " + version.get().line()
                                + ", and a restore brings the downgrade back; "
                                + "\"etcdctl downgrade cancel\" ends it once etcd has started"));
                return;
            }
            if (readable && !underWay) {
                return;
            }
        } catch (JacksonException unreadable) {
            // the same as a row in another format
        }
        findings.add(
                "downgrade",
                page,
                CLUSTER,
                () -> "the row that says whether a downgrade is running cannot be read; etcd does not start with it");
    }

    /** A field as Go finds it, whatever the case of its name; empty if it is null. */
    private static Optional<JsonNode> field(JsonNode row, String name) {
        return row.propertyStream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(field -> field.getValue())
                .filter(value -> !value.isNull())
                .reduce((_, last) -> last);
    }

    /** The first line of etcd that starts with the file; empty if the file does not show it. */
    @Nullable
    EtcdVersion needed() {
        return needed;
    }
}
