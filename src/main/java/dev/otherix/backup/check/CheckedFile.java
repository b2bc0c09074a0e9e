package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.StoredFile;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.verify.bolt.Finding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of a file found.
 *
 * @param content null if the file is too damaged to be read
 * @param findings the first ones; none if the file is good
 * @param findingCount the number of all findings
 */
public record CheckedFile(
        StoredFile file, @Nullable Content content, Checked checked, List<Finding> findings, long findingCount) {

    private static final int MOST_SHOWN = 100;

    public CheckedFile {
        findings = List.copyOf(findings);
    }

    public Verification verification() {
        return checked.verification();
    }

    public boolean good() {
        return verification().state() == Verification.State.VERIFIED;
    }

    /**
     * The same; not a good snapshot if it ends before {@code confirmed}, the revision that the member had confirmed
     * before it sent the file.
     */
    public CheckedFile mustHold(long confirmed) {
        if (!good() || content == null || content.revision() == null || content.revision() >= confirmed) {
            return this;
        }
        var finding = new Finding(
                "revision",
                null,
                null,
                "it ends at revision " + content.revision() + ", and the member had confirmed revision " + confirmed
                        + " before it sent it");
        return new CheckedFile(
                file,
                content,
                new Checked(
                        checked.caFingerprint(),
                        new Verification(
                                Verification.State.FAILED,
                                verification().checkedAt(),
                                verification().checks())),
                List.of(finding),
                1);
    }

    /** What is wrong, in one line. */
    public String summary() {
        var first = findings.isEmpty() ? "no finding" : findings.getFirst().message();
        return findingCount > 1 ? first + " (the first of " + findingCount + " findings)" : first;
    }

    /** The findings as the API shows them. */
    public Map<String, Object> details() {
        return Map.of("findings", findings.stream().limit(MOST_SHOWN).toList(), "finding_count", findingCount);
    }

    /** The record of {@code snapshot} with what was found in its file. */
    public Snapshot recordedIn(Snapshot snapshot) {
        return snapshot.withFound(file, content, checked);
    }
}
