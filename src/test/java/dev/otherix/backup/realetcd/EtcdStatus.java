package dev.otherix.backup.realetcd;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a member says about itself.
 *
 * @param leader the member id of the leader that this member follows, 0 when it knows none
 * @param revision of the store
 * @param sizeBytes of the database, free pages included
 */
public record EtcdStatus(
        String version, long clusterId, long memberId, long leader, long revision, long sizeBytes, boolean learner) {

    /** Whether this member is the leader. */
    public boolean isLeader() {
        return leader == memberId;
    }

    static EtcdStatus parse(String json) {
        var status = JsonMapper.shared().readTree(json).get(0).get("Status");
        var header = status.get("header");
        return new EtcdStatus(
                status.get("version").asString(),
                unsigned(header, "cluster_id"),
                unsigned(header, "member_id"),
                unsigned(status, "leader"),
                unsigned(header, "revision"),
                unsigned(status, "dbSize"),
                status.path("isLearner").asBoolean(false));
    }

    // ids use all 64 bits, and a field that is 0 is left out
    private static long unsigned(JsonNode parent, String field) {
        return parent.path(field).bigIntegerValue(java.math.BigInteger.ZERO).longValue();
    }
}
