package dev.otherix.backup.verify.bolt;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts all findings and keeps the first ones. */
final class BoltFindings {

    private final List<BoltFinding> first = new ArrayList<>();
    private final int most;
    private long count;

    BoltFindings(int most) {
        this.most = most;
    }

    /** The message is made only where the finding is kept. */
    void add(String code, @Nullable Long page, @Nullable String bucket, Supplier<String> message) {
        count++;
        if (first.size() < most) {
            first.add(new BoltFinding(code, page, bucket, message.get()));
        }
    }

    List<BoltFinding> first() {
        return first;
    }

    long count() {
        return count;
    }
}
