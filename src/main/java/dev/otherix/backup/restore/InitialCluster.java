package dev.otherix.backup.restore;

import dev.otherix.backup.verify.NewCluster;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The members with which a cluster begins, and the token that tells it from others with the same members. The ids are
 * those that etcd makes of them: the first 8 bytes of a SHA-1 over a member's peer URLs and the token, and of one over
 * all members' ids (etcd: server/etcdserver/api/membership/{member,cluster}.go).
 *
 * @param members by id
 */
public record InitialCluster(String token, List<Member> members) {

    private static final Comparator<Member> BY_ID = (one, other) -> Long.compareUnsigned(one.id(), other.id());

    /**
     * A member.
     *
     * @param peerUrls in the order of their texts
     */
    public record Member(long id, String name, List<PeerUrl> peerUrls) {

        /** The id as etcd prints it. */
        public String hexId() {
            return Long.toHexString(id);
        }

        List<String> urls() {
            return peerUrls.stream().map(PeerUrl::toString).toList();
        }
    }

    /**
     * Makes one.
     *
     * @param urls each member's peer URLs, by its name
     */
    public static InitialCluster of(Map<String, ? extends Collection<PeerUrl>> urls, String token) {
        return new InitialCluster(
                token,
                urls.entrySet().stream()
                        .map(member -> member(member.getKey(), List.copyOf(new TreeSet<>(member.getValue())), token))
                        .sorted(BY_ID)
                        .toList());
    }

    private static Member member(String name, List<PeerUrl> urls, String token) {
        var text = urls.stream().map(PeerUrl::toString).collect(Collectors.joining()) + token;
        return new Member(id(text.getBytes(StandardCharsets.UTF_8)), name, urls);
    }

    private static long id(byte[] of) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(of))
                    .getLong();
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /**
     * Reads {@code N=U,N=U}.
     *
     * @throws IllegalArgumentException if it is something else; the message completes a sentence that begins with the
     *     text
     */
    public static Map<String, List<PeerUrl>> parse(String text) {
        var urls = new LinkedHashMap<String, List<PeerUrl>>();
        var seen = new HashSet<PeerUrl>();
        for (var part : text.split(",", -1)) {
            var sign = part.indexOf('=');
            if (sign < 1) {
                throw new IllegalArgumentException("has \"" + part + "\" instead of NAME=URL");
            }
            var name = part.substring(0, sign);
            var url = url(name, part.substring(sign + 1));
            if (urls.putIfAbsent(name, List.of(url)) != null) {
                throw new IllegalArgumentException("has the name " + name + " twice");
            }
            if (!seen.add(url)) {
                throw new IllegalArgumentException("has the URL " + url + " twice");
            }
        }
        return urls;
    }

    private static PeerUrl url(String name, String text) {
        try {
            return PeerUrl.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "is wrong: the URL of " + name + ", " + text + ", " + malformed.getMessage(), malformed);
        }
    }

    /** The cluster's id. */
    public long id() {
        var ids = ByteBuffer.allocate(members.size() * Long.BYTES);
        members.forEach(member -> ids.putLong(member.id()));
        return id(ids.array());
    }

    /** The cluster's id as etcd prints it. */
    public String hexId() {
        return Long.toHexString(id());
    }

    /** The member with that name, which is there. */
    Member named(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * What a database has of it.
     *
     * @param bump how far its revision is raised, 0 = not
     * @param authOff whether authentication is switched off in it
     */
    NewCluster rows(long bump, boolean authOff) {
        var rows = new LinkedHashMap<String, String>();
        members.forEach(member -> rows.put(member.hexId(), GoJson.member(member)));
        return new NewCluster(rows, bump, authOff);
    }

    /** As {@code --initial-cluster} takes it, in the order of the names. */
    public String text() {
        return members.stream()
                .flatMap(member -> member.peerUrls().stream().map(url -> member.name() + "=" + url))
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** A token that no other cluster has. */
    public static String freshToken(RandomGenerator random) {
        var bytes = new byte[8];
        random.nextBytes(bytes);
        return "restored-" + HexFormat.of().formatHex(bytes);
    }
}
