package dev.otherix.backup.restore;

import java.util.List;
import java.util.stream.Collectors;

/** JSON as Go writes it, so that what etcd compares byte for byte is equal (Go: encoding/json, encode.go). */
final class GoJson {

    private static final char SPACE = ' ';

    private GoJson() {}

    /** A member, as etcd keeps it (etcd: server/etcdserver/api/membership/member.go). */
    static String member(InitialCluster.Member member) {
        return "{\"id\":" + Long.toUnsignedString(member.id()) + ",\"peerURLs\":" + array(member.urls()) + ",\"name\":"
                + text(member.name()) + "}";
    }

    /** The part of a member that Raft knows. */
    static String raftAttributes(InitialCluster.Member member) {
        return "{\"peerURLs\":" + array(member.urls()) + "}";
    }

    private static String array(List<String> texts) {
        return texts.stream().map(GoJson::text).collect(Collectors.joining(",", "[", "]"));
    }

    /** A text with its quotes. */
    static String text(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(letter -> json.append(escaped((char) letter)));
        return json.append('"').toString();
    }

    private static String escaped(char letter) {
        return switch (letter) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '<', '>', '&', '\u2028', '\u2029' -> unicode(letter);
            default -> letter < SPACE ? unicode(letter) : String.valueOf(letter);
        };
    }

    private static String unicode(char letter) {
        return String.format("\\u%04x", (int) letter);
    }
}
