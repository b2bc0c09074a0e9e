package dev.otherix.backup.verify.bolt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts all findings of one check and keeps the first {@value #MOST}. Not for use by several threads at once. */
public final class Findings {

    /** How many are kept: more than a person reads. */
    public static final int MOST = 100;

    private final List<Finding> first = new ArrayList<>();
    private long count;

    /** Adds a finding. The message is built only if the finding is kept. */
    public void add(String code, @Nullable Long page, @Nullable String bucket, Supplier<String> message) {
        count++;
        if (first.size() < MOST) {
            first.add(new Finding(code, page, bucket, message.get()));
        }
    }

    /** The kept findings, in the order in which they were added. */
    public List<Finding> first() {
        return List.copyOf(first);
    }

    /** The number of all findings. */
    public long count() {
        return count;
    }
}
