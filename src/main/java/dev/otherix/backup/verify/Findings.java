package dev.otherix.backup.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts all findings of one check and keeps the first ones. */
final class Findings {

    /** How many are kept; more than a person reads. */
    static final int MOST = 100;

    private final List<Finding> first = new ArrayList<>();
    private long count;

    void add(String code, @Nullable Long page, @Nullable String bucket, Supplier<String> message) {
        count++;
        if (first.size() < MOST) {
            first.add(new Finding(code, page, bucket, message.get()));
        }
    }

    List<Finding> first() {
        return List.copyOf(first);
    }

    long count() {
        return count;
    }
}
