package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Candidate;
import dev.otherix.backup.restore.LiveMembers;
import dev.otherix.backup.restore.Runbook;
import dev.otherix.backup.restore.WillHappen;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code restore plan} found out.
 *
 * @param reason why this snapshot, as the rest of a sentence that begins with it
 * @param live the members that answer, fewer than a majority
 * @param hosts none if none were named
 * @param steps none without hosts
 * @param caCertificate where the CA is on this machine's disk
 * @param sourceOptions say where an off-site copy is; none for a file
 */
record Plan(
        Candidate snapshot,
        String reason,
        LiveMembers live,
        List<PlanFiles.PassedOver> passedOver,
        List<Runbook.Host> hosts,
        List<Runbook.Step> steps,
        Path caCertificate,
        WillHappen willHappen,
        List<String> sourceOptions) {}
