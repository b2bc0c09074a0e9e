package dev.otherix.backup.cli;

import dev.otherix.backup.restore.DiskCa;
import dev.otherix.backup.verify.FileDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a person has to know about a plan, in whatever form it is printed. */
final class PlanFacts {

    private static final String TIME_NOT_KNOWN =
            "the time of the snapshot is not known: no record is beside it, and its name does not say it";

    private final Plan plan;

    PlanFacts(Plan plan) {
        this.plan = plan;
    }

    /** Each alarm with what a restore does about it; empty without one. */
    String alarms() {
        return plan.snapshot().details().alarms().stream()
                .map(FileDetails.Alarm::alarm)
                .distinct()
                .map(alarm -> alarm + (alarm.equals("NOSPACE") ? ", which a restore drops" : ", which stays"))
                .collect(Collectors.joining("; "));
    }

    String etcd() {
        var line = plan.snapshot().details().neededLine();
        return line == null ? "any line" : "the otherix-api that you start needs etcd " + line + " or newer";
    }

    /** The CA on this machine, compared with that of the snapshot: a line, or two. */
    List<String> disk() {
        var fingerprint = plan.snapshot().caFingerprint();
        if (fingerprint.isEmpty()) {
            return List.of("put that of the cluster on disk before the first start");
        }
        var here = DiskCa.compare(plan.caCertificate(), fingerprint.get());
        var text = "on this machine " + plan.caCertificate() + " " + here.detail();
        return here.same() ? List.of(text) : List.of(text + ";", "restore places the snapshot's");
    }

    /** For whoever reads the plan with a program, a sentence each. */
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        if (!plan.live().answering().isEmpty()) {
            warnings.add(plan.live().text() + ". Do not stop or restart what answers before its own snapshot is taken"
                    + " there: otherix-etcd-backup snapshot --local --pin. Then plan again with that file too");
        }
        if (plan.snapshot().dataUntil().isEmpty()) {
            warnings.add(TIME_NOT_KNOWN);
        }
        if (!alarms().isEmpty()) {
            warnings.add("alarms: " + alarms());
        }
        warnings.add("CA: " + String.join(" ", disk()));
        warnings.add("etcd: " + etcd());
        return warnings;
    }
}
