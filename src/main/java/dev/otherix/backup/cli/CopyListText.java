package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.FoundCopy;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The copies of a store for a person: those of each member below each other, the newest first. */
final class CopyListText {

    private static final List<String> HEAD =
            List.of("NAME", "AGE", "SIZE", "STORED", "REVISION", "LIVE KEYS", "PIN", "FILES", "STATE", "RECIPIENTS");
    private static final String NONE = "-";
    private static final int FINGERPRINT_LENGTH = 8;

    private final PrintWriter out;
    private final Instant now;

    CopyListText(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    void print(CopyList list) {
        if (list.copies().isEmpty()) {
            out.println("no copies in " + OutputFormat.printable(list.place()));
            return;
        }
        out.println(OutputFormat.printable(list.place()));
        var table = new TextTable(HEAD, List.of(1, 2, 3, 4, 5, 7));
        list.copies().forEach(copy -> table.add(group(copy), row(copy)));
        table.print(out);
        list.copies().stream()
                .filter(copy -> copy.problem().isPresent())
                .forEach(copy -> out.println(CopyChoice.path(copy) + ": "
                        + OutputFormat.printable(copy.problem().get())));
    }

    private static String group(FoundCopy copy) {
        var folder = copy.place().folder();
        return "cluster " + folder.cluster() + ", member " + folder.memberId()
                + copy.facts()
                        .map(facts -> ", CA "
                                + Optional.ofNullable(facts.caFingerprint()).orElse("none"))
                        .orElse("");
    }

    private List<String> row(FoundCopy copy) {
        return List.of(
                copy.place().name().toString(),
                fact(copy, facts -> age(facts.createdAt())),
                fact(copy, facts -> ListingText.size(facts.sizeBytes())),
                fact(copy, facts -> ListingText.size(facts.objectBytes())),
                fact(
                        copy,
                        facts -> facts.revision() == null
                                ? NONE
                                : facts.revision().toString()),
                fact(
                        copy,
                        facts -> facts.liveKeys() == null
                                ? NONE
                                : facts.liveKeys().toString()),
                fact(copy, facts -> facts.pinned() ? "pinned" : NONE),
                copy.files().map(files -> ListingText.size(files.sizeBytes())).orElse(NONE),
                copy.state().word()
                        + fact(copy, facts -> facts.verified() ? "" : ", not verified")
                                .replace(NONE, ""),
                fact(copy, CopyListText::recipients));
    }

    private static String fact(FoundCopy copy, Function<CopyFacts, String> text) {
        return copy.facts().map(text).orElse(NONE);
    }

    private String age(Instant created) {
        var age = Duration.between(created, now);
        return age.isNegative() ? "in " + Age.of(age.negated()) : Age.of(age);
    }

    private static String recipients(CopyFacts facts) {
        return facts.recipients().isEmpty()
                ? "not encrypted"
                : String.join(
                        ", ",
                        facts.recipients().stream()
                                .map(all -> all.substring(0, Math.min(FINGERPRINT_LENGTH, all.length())))
                                .toList());
    }
}
