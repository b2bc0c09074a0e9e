package dev.otherix.backup.cli;

import dev.otherix.backup.etcd.MemberKeys;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.verify.CaRow;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether a member is of the cluster that a file is from, and has all that the file has. */
final class SameCluster {

    private static final int LONGEST_ID = 128;

    private final ProvenFile file;

    SameCluster(ProvenFile file) {
        this.file = file;
    }

    /** @throws CommandFailure if it is not, or if nothing shows it */
    void require(MemberStatus member, MemberKeys keys) {
        var own = file.clusterId();
        if (own.isPresent() && !own.get().equals(member.clusterId())) {
            throw refused("is of the cluster " + own.get() + ", the member of " + member.clusterId());
        }
        var ca = Optional.ofNullable(file.proof().activeCa().fingerprint());
        var active = activeCa(keys);
        if (!ca.equals(active)) {
            throw refused("has the cluster CA " + ca.orElse("none") + ", the member has " + active.orElse("none"));
        }
        if (ca.isEmpty() && own.isEmpty()) {
            throw new CommandFailure(
                    "nothing shows that " + file.path() + " is of the member's cluster: it has no cluster CA, and no "
                            + "record beside it; nothing was written",
                    "Use a snapshot in the service's directory, with its record otherix-<time>.json.",
                    null);
        }
        if (member.revision() < file.span().last()) {
            throw refused("is at revision " + file.span().last() + ", the member only at " + member.revision());
        }
    }

    private CommandFailure refused(String difference) {
        return new CommandFailure(
                file.path() + " " + difference + "; nothing was written",
                "Use a snapshot that this cluster's service took, and not one from before a restore.",
                null);
    }

    private static Optional<String> activeCa(MemberKeys keys) {
        return keys.read(bytes(CaRow.ACTIVE_KEY))
                .filter(id -> id.value().length <= LONGEST_ID)
                .flatMap(id -> keys.read(bytes(CaRow.PREFIX + new String(id.value(), StandardCharsets.UTF_8))))
                .map(row -> CaRow.active(row.value()).fingerprint());
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
