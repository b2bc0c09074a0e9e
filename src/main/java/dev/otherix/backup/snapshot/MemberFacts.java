package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the member reported about itself in the run that took a snapshot.
 *
 * @param version the server's version, as {@code 3.6.14}
 * @param clusterId lower-case hex, as otherix prints it
 * @param memberId lower-case hex
 * @param role null in the record of a snapshot that was fetched from off-site: the record there does not have it
 * @param consistencyReason why the snapshot is only local; null where it is linearizable
 * @param alarms {@code NOSPACE}, {@code CORRUPT}, or none
 * @param members the cluster's members; null if this member does not list them, like a learner
 */
public record MemberFacts(
        String version,
        String clusterId,
        String memberId,
        @Nullable Role role,
        Consistency consistency,
        Consistency.@Nullable Reason consistencyReason,
        List<String> alarms,
        @Nullable List<Member> members) {

    public MemberFacts {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(clusterId, "cluster_id");
        Objects.requireNonNull(memberId, "member_id");
        Objects.requireNonNull(consistency, "consistency");
        alarms = List.copyOf(alarms);
        members = members == null ? null : List.copyOf(members);
    }

    /** The member's role in its cluster. */
    public enum Role {
        LEADER,
        FOLLOWER,
        LEARNER;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One member of the cluster.
     *
     * @param id lower-case hex
     * @param peerUrls where the other members reach it
     */
    public record Member(
            String id,
            String name,
            List<String> peerUrls,
            @JsonProperty("is_learner") boolean isLearner) {

        public Member {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(name, "name");
            peerUrls = List.copyOf(peerUrls);
        }
    }
}
