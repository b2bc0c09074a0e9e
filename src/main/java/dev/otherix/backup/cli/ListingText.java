package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory of snapshots for a person: one row for each, then hints for the choice. */
final class ListingText {

    private static final List<String> HEAD = List.of(
            "",
            "NAME",
            "AGE",
            "SIZE",
            "PIN",
            "LINEAGE",
            "REVISION",
            "REACHES BACK",
            "LIVE KEYS",
            "CONSISTENCY",
            "STATE",
            "CA");
    private static final List<Integer> NUMBERS = List.of(2, 3, 6, 8);
    private static final int UNIT = 1024;
    private static final int FINGERPRINT_LENGTH = 12;
    private static final String NONE = "-";

    private final PrintWriter out;
    private final Instant now;

    ListingText(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    void print(DirectoryListing listing) {
        var first = listing.newestFirst().findFirst();
        if (first.isEmpty()) {
            line("no snapshots in " + listing.path());
        } else {
            var newest = listing.newestRestorable();
            var lineages = table(listing, newest.map(Snapshot::name));
            line("");
            line(
                    newest.isPresent()
                            ? "* the newest verified one"
                            : "None of them is verified: \"" + Program.NAME + " verify " + listing.path()
                                    + "\" checks them now.");
            if (newest.isPresent() && !first.get().name().equals(newest.get().name())) {
                line("Newer ones are not verified yet: \"" + Program.NAME
                        + " verify FILE\" shows whether they are good.");
            }
            print(lineages);
            newest.map(Snapshot::etcd)
                    .map(MemberFacts::alarms)
                    .filter(alarms -> !alarms.isEmpty())
                    .ifPresent(alarms -> line("The newest verified one was taken under the alarm "
                            + String.join(", ", alarms) + ", which a restore brings back."));
        }
        if (!listing.setAside().isEmpty()) {
            line("Set aside because a check failed, not to be restored: " + String.join(", ", listing.setAside()));
        }
    }

    private void line(String text) {
        out.println(OutputFormat.printable(text));
    }

    private List<String> row(Snapshot snapshot, boolean newest) {
        return List.of(
                newest ? "*" : "",
                snapshot.name().toString(),
                age(snapshot.createdAt()),
                size(snapshot.sizeBytes()),
                snapshot.pinned() ? "pinned" : NONE,
                stamp(snapshot.lineage()),
                text(snapshot.revision()),
                HistoryText.reach(snapshot),
                text(snapshot.liveKeys()),
                snapshot.etcd() == null ? NONE : snapshot.etcd().consistency().word(),
                state(snapshot),
                ca(snapshot));
    }

    private String age(Instant created) {
        var age = Duration.between(created, now);
        if (age.isNegative()) {
            return "in " + age(now.plus(age));
        }
        return Age.of(age);
    }

    static String size(long bytes) {
        if (bytes < UNIT) {
            return bytes + " B";
        }
        var power = (Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %siB", (double) bytes / (1L << 10 * power), "KMGTPE".charAt(power - 1));
    }

    /** The name without the part that all names share. */
    private static String stamp(SnapshotName name) {
        var text = name.toString();
        return text.substring(text.indexOf('-') + 1, text.lastIndexOf('.'));
    }

    private static String state(Snapshot snapshot) {
        var state = snapshot.verification().state().word();
        if (snapshot.keptBecause().contains(KeptBecause.DAMAGED_RECORD)) {
            return state + ", record damaged";
        }
        return snapshot.verification().checkedAt() == null ? state + ", no record" : state;
    }

    private static String ca(Snapshot snapshot) {
        var fingerprint = snapshot.checked().caFingerprint();
        if (fingerprint == null) {
            return NONE;
        }
        var differs = snapshot.verification()
                .check(Verification.Check.CA)
                .filter(check -> check.outcome() == Verification.Outcome.FAILED)
                .isPresent();
        var hex = fingerprint.substring(fingerprint.indexOf(':') + 1);
        return hex.substring(0, Math.min(FINGERPRINT_LENGTH, hex.length())) + (differs ? " differs from disk" : "");
    }

    private static String text(@Nullable Long number) {
        return number == null ? NONE : number.toString();
    }

    /** Reads everything twice, first for the column widths, so that many rows need no more memory than few. */
    private Collection<LineageText> table(DirectoryListing listing, Optional<SnapshotName> newest) {
        var widths = HEAD.stream().mapToInt(head -> Math.max(1, head.length())).toArray();
        var lineages = new LinkedHashMap<SnapshotName, LineageText>();
        listing.newestFirst().forEach(snapshot -> {
            var row = row(snapshot, false);
            Arrays.setAll(
                    widths, column -> Math.max(widths[column], row.get(column).length()));
            lineages.computeIfAbsent(snapshot.lineage(), lineage -> new LineageText(stamp(lineage)))
                    .add(snapshot);
        });
        line(HEAD, widths);
        var holes = new HistoryText();
        listing.newestFirst().forEach(snapshot -> {
            holes.before(snapshot).ifPresent(this::line);
            line(row(snapshot, newest.filter(snapshot.name()::equals).isPresent()), widths);
        });
        return lineages.values();
    }

    private void line(List<String> row, int[] widths) {
        var cells = new ArrayList<String>();
        for (int column = 0; column < widths.length; column++) {
            cells.add((NUMBERS.contains(column) ? "%" : "%-")
                    .concat(widths[column] + "s")
                    .formatted(row.get(column)));
        }
        line(String.join("  ", cells).stripTrailing());
    }

    private void print(Collection<LineageText> lineages) {
        lineages.forEach(lineage -> line(lineage.toString()));
        if (lineages.size() > 1) {
            line("There is more than one lineage: the newest snapshot may be of another cluster than the one "
                    + "that was lost.");
        }
    }
}
