package dev.otherix.backup.history;

import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Chooses the snapshot of a directory that a question is about, by the records: of the newest verified one's lineage
 * the newest that holds each moment named. So a moment is never looked up in the past of another cluster.
 */
public final class FileChoice {

    private FileChoice() {}

    /**
     * The path of the file.
     *
     * @param moments those named; if there is none, it is the newest verified one
     * @throws Refused if no snapshot holds all of them; the message has what each one holds
     * @throws dev.otherix.backup.snapshot.DirectoryFailure if the directory cannot be read
     */
    public static Path newestWith(Path directory, List<NamedMoment> moments) {
        var spans = new ArrayList<Span>();
        var listing = DirectoryListing.of(directory);
        var newest = listing.newestRestorable()
                .orElseThrow(() -> new Refused(
                        directory + " has no verified snapshot",
                        "Name the directory of the snapshots, or a file. \"otherix-etcd-backup list " + directory
                                + "\" shows what is there."));
        if (moments.isEmpty()) {
            return directory.resolve(newest.name().toString());
        }
        try (var snapshots = listing.newestFirst()) {
            var candidates = snapshots
                    .filter(Snapshot::verified)
                    .filter(snapshot -> snapshot.lineage().equals(newest.lineage()))
                    .filter(snapshot -> snapshot.content().complete())
                    .iterator();
            while (candidates.hasNext()) {
                var span = span(candidates.next());
                if (moments.stream().allMatch(span::holds)) {
                    return directory.resolve(span.file());
                }
                spans.add(span);
            }
        }
        throw none(directory, moments, spans);
    }

    private static Span span(Snapshot recorded) {
        var content = recorded.content();
        return Span.of(
                recorded.name().toString(),
                Objects.requireNonNull(content.compactRevision()),
                Objects.requireNonNull(content.revision()),
                RecordBeside.marks(recorded));
    }

    private static Refused none(Path directory, List<NamedMoment> moments, List<Span> spans) {
        var named = moments.stream().map(NamedMoment::toString).collect(Collectors.joining(" and "));
        var held = spans.stream()
                .map(span -> System.lineSeparator() + "  " + span.file() + ": " + span.text())
                .collect(Collectors.joining());
        return new Refused(
                "no snapshot in " + directory + " holds " + named + ". Of the newest lineage there are:" + held,
                "Name a moment that one of them holds, or a file of another lineage.");
    }
}
