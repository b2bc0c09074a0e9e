package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Runbook;
import dev.otherix.backup.restore.WillHappen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan for programs. */
record PlanJson(
        String snapshot,
        String reason,
        @Nullable String dataUntil,
        @Nullable String clusterId,
        @Nullable String caFingerprint,
        long revision,
        List<PlanFiles.PassedOver> passedOver,
        List<HostCommands> hosts,
        WillHappen willHappen) {

    /** What to do on one host, in order: each step's title as a comment, then its commands. */
    record HostCommands(String name, String peerUrl, List<String> commands) {}

    static PlanJson of(Plan plan) {
        var byHost = new LinkedHashMap<Runbook.Host, List<String>>();
        plan.hosts().forEach(host -> byHost.put(host, new ArrayList<>()));
        plan.steps()
                .forEach(step -> byHost.computeIfAbsent(step.host(), _ -> new ArrayList<>())
                        .addAll(commands(step)));
        var hosts = new ArrayList<HostCommands>();
        byHost.forEach((host, commands) ->
                hosts.add(new HostCommands(host.name(), host.url().toString(), commands)));
        var snapshot = plan.snapshot();
        return new PlanJson(
                snapshot.place(),
                plan.reason(),
                snapshot.dataUntil().map(Instant::toString).orElse(null),
                snapshot.clusterId().orElse(null),
                snapshot.caFingerprint().orElse(null),
                snapshot.at(),
                plan.passedOver(),
                hosts,
                plan.willHappen());
    }

    /** Those that run elsewhere are comments too, so that nobody runs them on the host. */
    private static List<String> commands(Runbook.Step step) {
        var lines = new ArrayList<String>();
        lines.add("# " + step.title() + (step.fromHere() ? ", on the machine of this plan:" : ""));
        step.commands().forEach(command -> lines.add(step.fromHere() ? "# " + command : command));
        return lines;
    }
}
