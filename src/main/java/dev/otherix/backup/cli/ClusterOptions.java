package dev.otherix.backup.cli;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.restore.Candidate;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster's snapshots count. */
final class ClusterOptions {

    @Option(names = "--cluster", paramLabel = "ID", description = "only snapshots of this cluster, by its id")
    private @Nullable String cluster;

    @Option(names = "--ca-fingerprint", paramLabel = "F", description = "only snapshots with this cluster CA")
    private @Nullable String caFingerprint;

    Optional<String> cluster() {
        return Optional.ofNullable(cluster);
    }

    Optional<String> caFingerprint() {
        return Optional.ofNullable(caFingerprint);
    }

    /**
     * Those that count; the others are passed over.
     *
     * @param copies those were chosen by the cluster already, whose name in a store is another
     * @throws Refused if none does
     */
    PlanFiles.Found chosen(PlanFiles.Found found, PlanCopies copies) {
        var chosen = new PlanFiles.Found(new ArrayList<>(), new ArrayList<>(found.passedOver()));
        for (var snapshot : found.snapshots()) {
            Optional.of(snapshot)
                    .filter(one -> !copies.isCopy(one.path()))
                    .flatMap(this::otherCluster)
                    .or(() -> otherCa(snapshot))
                    .ifPresentOrElse(
                            why -> chosen.passedOver().add(new PlanFiles.PassedOver(snapshot.place(), why)),
                            () -> chosen.snapshots().add(snapshot));
        }
        if (chosen.snapshots().isEmpty()) {
            throw new Refused(
                    "none of the snapshots is the one that the options name:" + PlanText.lines(chosen.passedOver()),
                    "Leave --cluster and --ca-fingerprint out to see what there is.");
        }
        return chosen;
    }

    private Optional<String> otherCluster(Candidate snapshot) {
        if (cluster == null
                || snapshot.clusterId().filter(cluster::equalsIgnoreCase).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(snapshot.clusterId()
                .map(id -> "is of cluster " + id)
                .orElse("no record beside it says of which cluster it is"));
    }

    private Optional<String> otherCa(Candidate snapshot) {
        if (caFingerprint == null || snapshot.caFingerprint().equals(Optional.of(fingerprint(caFingerprint)))) {
            return Optional.empty();
        }
        return Optional.of(
                snapshot.caFingerprint().map(ca -> "has the CA " + ca).orElse("has no CA"));
    }

    /** As records have it, whatever the case, with or without colons and {@code sha256:}. */
    static String fingerprint(String text) {
        var hex = text.toLowerCase(Locale.ROOT).replace(":", "").replaceFirst("^sha256", "");
        return "sha256:" + hex;
    }
}
