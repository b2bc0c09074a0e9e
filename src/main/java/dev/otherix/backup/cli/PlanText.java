package dev.otherix.backup.cli;

import dev.otherix.backup.restore.ApiConfig;
import dev.otherix.backup.restore.Runbook;
import dev.otherix.backup.restore.ShellWord;
import dev.otherix.backup.restore.SnapshotChoice;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** A plan for a person. */
final class PlanText {

    private static final String NEW_LINE = System.lineSeparator();
    private static final int MOST_CLUSTERS = 20;
    private static final int MOST_PASSED_OVER = 20;

    private final PrintWriter out;
    private final Instant now;

    PlanText(PrintWriter out, Instant now) {
        this.out = out;
        this.now = now;
    }

    /** The clusters of snapshots between which a person has to choose, a line each. */
    static String table(List<SnapshotChoice.Cluster> clusters) {
        var lines = new StringBuilder();
        clusters.stream()
                .limit(MOST_CLUSTERS)
                .forEach(cluster -> lines.append(NEW_LINE)
                        .append("  cluster ")
                        .append(cluster.id().orElse("not known"))
                        .append(", CA ")
                        .append(cluster.caFingerprint().orElse("none"))
                        .append(NEW_LINE)
                        .append("    ")
                        .append(cluster.count())
                        .append(cluster.count() == 1 ? " snapshot, " : " snapshots, ")
                        .append(span(cluster))
                        .append(NEW_LINE)
                        .append("    highest revision ")
                        .append(cluster.highest().revision())
                        .append(", live keys ")
                        .append(cluster.highest().liveKeys())
                        .append(": ")
                        .append(OutputFormat.printable(cluster.highest().place())));
        if (clusters.size() > MOST_CLUSTERS) {
            lines.append(NEW_LINE)
                    .append("  and ")
                    .append(clusters.size() - MOST_CLUSTERS)
                    .append(" more");
        }
        return lines.toString();
    }

    private static String span(SnapshotChoice.Cluster cluster) {
        return cluster.count() == 1 ? time(cluster.first()) : time(cluster.first()) + " to " + time(cluster.last());
    }

    private static String time(SnapshotChoice.Choosable snapshot) {
        return snapshot.takenAt().map(Instant::toString).orElse("time not known");
    }

    /** Those that were passed over, a line each. */
    static String lines(List<PlanFiles.PassedOver> passedOver) {
        var more = passedOver.size() - MOST_PASSED_OVER;
        return passedOver.stream()
                        .limit(MOST_PASSED_OVER)
                        .map(file -> NEW_LINE + "  " + OutputFormat.printable(file.name() + ": " + file.reason()))
                        .collect(Collectors.joining())
                + (more > 0 ? NEW_LINE + "  and " + more + " more" : "");
    }

    void print(Plan plan) {
        snapshot(plan);
        if (!plan.passedOver().isEmpty()) {
            say("");
            say("Passed over:" + lines(plan.passedOver()));
        }
        say("");
        new WillHappenText(out).print(plan.willHappen());
        say("");
        onlyYouKnow(plan);
        say("");
        if (plan.hosts().isEmpty()) {
            askForHosts(plan);
        } else {
            steps(plan);
        }
    }

    private void snapshot(Plan plan) {
        var snapshot = plan.snapshot();
        var details = snapshot.details();
        var facts = new PlanFacts(plan);
        say("Restore " + OutputFormat.printable(snapshot.place()));
        say("  why         it " + plan.reason());
        say("  revision    " + snapshot.at()
                + (snapshot.at() == snapshot.revision() ? "" : ", of " + snapshot.revision() + " in the file"));
        say("  lost        everything written after "
                + snapshot.dataUntil()
                        .map(until -> until + ago(until))
                        .orElse("the snapshot; time not known: no record is beside it"));
        say("  cluster     " + snapshot.clusterId().orElse("not known: no record beside the file says it"));
        say("  CA          " + snapshot.caFingerprint().orElse("none in the snapshot"));
        facts.disk().forEach(line -> say("              " + line));
        say("  etcd        " + facts.etcd());
        if (!facts.alarms().isEmpty()) {
            say("  alarms      " + facts.alarms());
        }
        say("  members     "
                + (details.members().isEmpty()
                        ? "none in the snapshot"
                        : details.members().stream()
                                .map(member -> member.name() + " " + String.join(",", member.peerUrls()))
                                .map(OutputFormat::printable)
                                .collect(Collectors.joining(NEW_LINE + "              "))));
        if (!plan.live().answering().isEmpty()) {
            say("  WARNING     " + OutputFormat.printable(plan.live().text()));
            say("              That is no majority, so the cluster cannot work. But it may have what was written");
            say("              last. Do not stop or restart it before its own snapshot is taken, there:");
            say("                otherix-etcd-backup snapshot --local --pin");
            say("              Then plan again with that file too.");
        }
    }

    private String ago(Instant until) {
        var age = Duration.between(until, now);
        return age.isNegative() ? ", which is in the future: check the clocks" : ", " + Age.of(age) + " ago";
    }

    private void onlyYouKnow(Plan plan) {
        say("What no snapshot shows, and you have to find out:");
        say("  - Where each VM is now. One that was migrated since is destroyed where it lives, with its");
        say("    disks: compare the list above with the directories on each node, by id.");
        say("  - /etc/otherix/api.yaml is in no snapshot. If it is lost, take it from another replica or from");
        say("    your configuration management: another one may have other names, paths and ports.");
        say("  - jwt_secret in /etc/otherix/api.env is in none either, and has to be equal on all replicas.");
        say("    With a new one every user has to log in again; API tokens go on working.");
        newAddresses(plan);
    }

    private void newAddresses(Plan plan) {
        var known = plan.snapshot().details().members().stream()
                .flatMap(member -> member.peerUrls().stream())
                .toList();
        plan.hosts().stream()
                .filter(host -> known.stream()
                        .noneMatch(url -> url.contains("//" + host.url().host() + ":")))
                .forEach(host -> {
                    say("  - " + host.name() + " has an address that no member had, "
                            + host.url().host() + ". Agents that know");
                    say("    the control plane by an old one need the new URL, and the certificate of otherix-api has");
                    say("    to name it.");
                });
    }

    private void askForHosts(Plan plan) {
        say("Which hosts shall run otherix-api? For each, find out:");
        say("  - its etcd.name, in /etc/otherix/api.yaml there (otherix's default: otherix-0)");
        say("  - the peer URL that otherix-api there will advertise: etcd.peer_url, or for auto the host's own");
        say("    address. A host that was replaced may have another one than before.");
        var here = ApiConfig.peerUrlCandidates();
        if (!here.isEmpty()) {
            say("    This machine has " + String.join(", ", here));
        }
        say("Then ask for the commands. With the members of the snapshot that is:");
        say("  otherix-etcd-backup restore plan " + ShellWord.of(plan.snapshot().place()) + " \\");
        if (!plan.sourceOptions().isEmpty()) {
            say("    " + plan.sourceOptions().stream().map(ShellWord::of).collect(Collectors.joining(" ")) + " \\");
        }
        var members = plan.snapshot().details().members();
        for (var i = 0; i < members.size(); i++) {
            var member = members.get(i);
            var name = member.name().isEmpty() ? "NAME" : member.name();
            var url = member.peerUrls().stream().findFirst().orElse("https://ADDRESS:2380");
            say("    --host " + ShellWord.of(name + "=" + url) + (i < members.size() - 1 ? " \\" : ""));
        }
        if (members.isEmpty()) {
            say("    --host NAME=https://ADDRESS:2380");
        }
    }

    private void steps(Plan plan) {
        say("Run each block in a root shell (sudo -i) on the host that is named, in this order. A block stops");
        say("at its first error: then go no further. Paths are those of this machine's api.yaml, or otherix's");
        say("defaults: check them. Stop and mask otherix-api also on each host that ran it and is not named;");
        say("switch off one that you cannot reach. A forgotten majority would be the old cluster again.");
        var number = 1;
        for (var step : plan.steps()) {
            say("");
            say(number++ + ". " + where(step) + step.title());
            step.commands().forEach(command -> command.lines().forEach(line -> say("     " + line)));
        }
        say("");
        say("Agents and workers stay out until the end of the quarantine: both lines leave api.env in one edit,");
        say("with one restart for each replica.");
        if (plan.steps().stream().anyMatch(step -> step.title().equals(Runbook.JOIN))) {
            say("Hosts join after that, because they need port 8443, and one at a time: the next one when");
            say("\"otherix cluster member list\" shows the last one as no learner. TOKEN is what the step before a");
            say("join printed.");
        }
    }

    private static String where(Runbook.Step step) {
        return step.fromHere()
                ? "this machine: "
                : step.host().name() + " (" + step.host().url().host()
                        + (step.host().here() ? ", here" : "") + "): ";
    }

    private void say(String line) {
        out.println(line);
    }
}
