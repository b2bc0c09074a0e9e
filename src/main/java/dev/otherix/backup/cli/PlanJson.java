package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Runbook;
import dev.otherix.backup.restore.WillHappen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan for programs. */
record PlanJson(
        String snapshot,
        String reason,
        String dataUntil,
        @Nullable String clusterId,
        @Nullable String caFingerprint,
        long revision,
        List<PlanFiles.PassedOver> passedOver,
        List<HostCommands> hosts,
        WillHappen willHappen) {

    /** What to do on one host, in order. */
    record HostCommands(String name, String peerUrl, List<String> commands) {}

    static PlanJson of(Plan plan) {
        var byHost = new LinkedHashMap<Runbook.Host, List<String>>();
        plan.hosts().forEach(host -> byHost.put(host, new ArrayList<>()));
        plan.steps()
                .forEach(step ->
                        byHost.getOrDefault(step.host(), new ArrayList<>()).addAll(step.commands()));
        var hosts = new ArrayList<HostCommands>();
        byHost.forEach((host, commands) ->
                hosts.add(new HostCommands(host.name(), host.url().toString(), commands)));
        var snapshot = plan.snapshot();
        return new PlanJson(
                snapshot.path().toString(),
                plan.reason(),
                plan.dataUntil().toString(),
                snapshot.clusterId().orElse(null),
                snapshot.caFingerprint().orElse(null),
                snapshot.at(),
                plan.passedOver(),
                hosts,
                plan.willHappen());
    }
}
