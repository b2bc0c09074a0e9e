package dev.otherix.backup.offsite.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of the commands that name a place from any machine. */
public final class PlaceWords {

    /** The prefix of keys that need not be named. */
    public static final String USUAL_PREFIX = "otherix-etcd-backup";

    private PlaceWords() {}

    /** Those for a bucket. */
    public static List<String> of(S3Place place, String prefix) {
        var path = switch (prefix) {
            case USUAL_PREFIX -> "";
            case "" -> "/";
            default -> "/" + prefix;
        };
        var words = new ArrayList<>(List.of("--from", "s3://" + place.bucket() + path));
        add(words, "--endpoint-url", place.endpoint());
        add(words, "--region", place.region());
        add(words, "--ca-file", place.caFile());
        if (Boolean.TRUE.equals(place.pathStyle())) {
            words.add("--path-style");
        }
        return words;
    }

    /** Those for a directory: from this host, or from one that has the same file system. */
    public static List<String> of(Path directory, String prefix) {
        return List.of("--from", "file://" + (prefix.equals(USUAL_PREFIX) ? directory : directory.resolve(prefix)));
    }

    private static void add(List<String> words, String option, @Nullable Object value) {
        if (value != null) {
            words.addAll(List.of(option, value.toString()));
        }
    }
}
