package dev.otherix.backup.cli;

import dev.otherix.backup.verify.FileDetails;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The result of a verification, for a person: all facts of one file, or one line for each of several. */
final class VerificationText {

    private static final int MOST_FINDINGS = 20;
    private static final int MOST_FINDINGS_EACH = 5;
    private static final int SHORT_FINGERPRINT = "sha256:".length() + 12;
    private static final int SMALLEST_PAGE = 512;
    private static final Set<String> VERSIONS = Set.of("cluster_version", "storage_version");
    private static final double UNIT = 1024;
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

    private final PrintWriter out;
    private final boolean single;
    private final int width;

    VerificationText(PrintWriter out, List<String> files) {
        this.out = out;
        this.single = files.size() == 1;
        this.width = files.stream().mapToInt(String::length).max().orElse(0);
    }

    void print(FileReport report) {
        var facts = report.facts();
        if (facts == null) {
            // reported on standard error
            return;
        }
        var state = state(report);
        var file = OutputFormat.printable(report.file());
        if (single) {
            out.println(state + "  " + file);
            printAll(facts);
        } else {
            out.println(("%-7s  %-" + width + "s  %10s  %s")
                    .formatted(state, file, size(facts.sizeBytes()), summary(facts))
                    .stripTrailing());
        }
        printRemarks(report);
        if (!report.good()) {
            printFindings(report, facts);
        } else if (report.oneMeta()) {
            out.println("  Only one of its meta pages is good. Restore it only if no complete snapshot is as new.");
        }
    }

    private static String state(FileReport report) {
        if (!report.good()) {
            return "DAMAGED";
        }
        return report.oneMeta() ? "TORN" : "GOOD";
    }

    private void printRemarks(FileReport report) {
        if (single && !report.remarks().isEmpty()) {
            line("remarks", String.valueOf(report.remarks().size()));
        }
        report.remarks()
                .forEach(remark ->
                        out.println("  - " + OutputFormat.printable(remark.code() + ": " + remark.message())));
    }

    /** Counts the results of several files. */
    void sum(List<FileReport> reports) {
        if (reports.size() > 1) {
            var torn = reports.stream()
                    .filter(report -> report.exitCode() == ExitCode.ONE_META)
                    .count();
            var good = reports.stream().filter(FileReport::good).count();
            var notRead =
                    reports.stream().filter(report -> report.facts() == null).count();
            out.println(reports.size() + " files: " + good + " good"
                    + (torn > 0 ? " (" + torn + " by one meta page only)" : "") + ", "
                    + (reports.size() - good - notRead) + " damaged, " + notRead + " not read");
        }
    }

    private void printAll(FileFacts facts) {
        line("size", facts.sizeBytes() + " bytes (" + size(facts.sizeBytes()) + ")");
        line("sha256", facts.sha256());
        line("footer", facts.footer());
        var status = facts.status();
        var resources = facts.resources();
        var members = facts.members();
        var alarms = facts.alarms();
        if (status == null || resources == null || members == null || alarms == null) {
            return;
        }
        line("pages", facts.pageCount() + " of " + facts.pageSize() + " bytes");
        line(
                "etcd",
                facts.storageVersion() == null
                        ? "storage version not recorded: 3.5 or earlier"
                        : "storage version " + facts.storageVersion()
                                + (facts.neededLine() == null
                                        ? ""
                                        : "; needs etcd " + facts.neededLine() + " or later"));
        line(
                "revision",
                facts.revision()
                        + (Long.valueOf(-1).equals(facts.compactRevision())
                                ? ", never compacted"
                                : ", compacted at " + facts.compactRevision()));
        line("keys", facts.liveKeys() + " live; " + facts.totalEntries() + " entries in all");
        line(
                "resources",
                resources.isEmpty()
                        ? "none"
                        : resources.entrySet().stream()
                                .map(kind -> OutputFormat.printable(kind.getKey()) + " " + kind.getValue())
                                .collect(Collectors.joining(", ")));
        line(
                "members",
                members.isEmpty()
                        ? "none"
                        : members.stream().map(VerificationText::member).collect(Collectors.joining(", ")));
        line("alarms", alarms.isEmpty() ? "none" : String.join(", ", alarms));
        line(
                "cluster CA",
                facts.caFingerprint() == null
                        ? "none: " + facts.caRemark()
                        : facts.caFingerprint() + (facts.caRemark() == null ? "" : " (" + facts.caRemark() + ")"));
        line("hash_kv", String.valueOf(facts.hashKv()));
        line(
                "etcdutl",
                "hash %x, revision %d, keys %d (3.6 and later) or %d (3.5), size %d"
                        .formatted(
                                status.hash(),
                                status.revision(),
                                status.totalKey36(),
                                status.totalKey35(),
                                status.totalSize()));
    }

    private void line(String name, String value) {
        out.println("  %-11s %s".formatted(name, OutputFormat.printable(value)));
    }

    private static String member(FileDetails.Member member) {
        return (member.name().isEmpty() ? "" : member.name() + " ")
                + member.id()
                + (member.isLearner() ? " (learner)" : "");
    }

    private static String summary(FileFacts facts) {
        if (facts.revision() == null) {
            return "";
        }
        var ca = facts.caFingerprint() == null ? "none" : facts.caFingerprint().substring(0, SHORT_FINGERPRINT);
        return "revision %-10d  keys %-8d  CA %s".formatted(facts.revision(), facts.liveKeys(), ca);
    }

    private void printFindings(FileReport report, FileFacts facts) {
        if (single) {
            line("findings", String.valueOf(report.findingCount()));
        }
        int most = single ? MOST_FINDINGS : MOST_FINDINGS_EACH;
        report.findings().stream()
                .limit(most)
                .forEach(finding ->
                        out.println("  - " + OutputFormat.printable(finding.code() + ": " + finding.message())));
        var more = report.findingCount() - Math.min(most, report.findings().size());
        if (more > 0) {
            out.println("  - and " + more + " more; -o json has the first hundred of each check");
        }
        out.println(advice(report.findings(), facts.sizeBytes()));
    }

    private static String advice(List<Finding> findings, long size) {
        var footerMissing = findings.stream().anyMatch(finding -> finding.code().equals("footer_missing"));
        if (findings.stream().allMatch(finding -> VERSIONS.contains(finding.code()))) {
            return "  If a newer etcd wrote it, verify it with a newer " + Program.NAME
                    + ". Otherwise do not restore it, and take another one.";
        }
        return footerMissing && size > 0 && size % SMALLEST_PAGE == 0
                ? "  No restore accepts it like this. If it is a copy of a member's own snap/db, verify it with --raw."
                : "  Do not restore it. Take another one.";
    }

    private static String size(long bytes) {
        var amount = bytes / UNIT;
        int unit = 0;
        while (amount >= UNIT && unit < UNITS.size() - 1) {
            amount /= UNIT;
            unit++;
        }
        return "%.1f %s".formatted(amount, UNITS.get(unit));
    }
}
