package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyFacts;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.restore.Quarantine;
import dev.otherix.backup.restore.ShellWord;
import dev.otherix.backup.snapshot.Target;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page for a person who has lost every host: what there is, and what to type. It has no secrets. */
record Card(List<Place> places, Instant printedAt) {

    private static final String COMMAND = "otherix-etcd-backup offsite ";

    /**
     * One store.
     *
     * @param store as it names itself
     * @param latest the copy that a restore would take today
     * @param members those of the cluster that have copies there
     * @param facts of the latest
     * @param files whether files lie beside it
     */
    record Place(
            StorePlace place,
            String store,
            Folder.Place latest,
            List<String> members,
            CopyFacts facts,
            boolean files) {}

    void print(PrintWriter out) {
        var lines = new ArrayList<String>();
        lines.add("OTHERIX: HOW TO GET THE CONTROL PLANE BACK FROM ITS OFF-SITE COPIES");
        lines.add("Printed at " + printedAt.truncatedTo(ChronoUnit.SECONDS)
                + ". Keep it beside the identity, away from the hosts. It has no secrets.");
        lines.add("");
        places.forEach(place -> facts(place, lines));
        recipients(lines);
        lines.add("");
        lines.add("You need a host for otherix-api, the identity file of one recipient, and credentials");
        lines.add("that may read the store. Test these today, on a machine that has both:");
        places.forEach(
                place -> lines.add("  " + COMMAND + "check " + words(place, false) + " \\\n    --identity IDENTITY"));
        lines.add("");
        steps(lines);
        String.join("\n", lines).lines().forEach(line -> out.println(OutputFormat.printable(line)));
    }

    private static void facts(Place place, List<String> lines) {
        var facts = place.facts();
        lines.add("copies      " + place.store() + ", prefix "
                + (place.place().prefix().isEmpty() ? "none" : place.place().prefix()));
        lines.add("cluster     " + place.latest().folder().cluster()
                + Optional.ofNullable(facts.clusterId())
                        .map(id -> ", etcd's id " + id)
                        .orElse(""));
        lines.add("CA          " + Optional.ofNullable(facts.caFingerprint()).orElse("none"));
        lines.add("members     " + String.join(", ", place.members()));
        lines.add("latest      " + place.latest().name() + ", revision " + facts.revision() + ", live keys "
                + facts.liveKeys());
    }

    private void recipients(List<String> lines) {
        var known = places.stream()
                .flatMap(place -> place.place().recipients().stream())
                .distinct()
                .toList();
        var fingerprints = places.stream()
                .flatMap(place -> place.facts().recipients().stream())
                .distinct()
                .toList();
        if (fingerprints.isEmpty() && known.isEmpty()) {
            lines.add("recipients  none: the copies are not encrypted");
            return;
        }
        known.forEach(recipient -> lines.add("recipient   " + recipient));
        lines.add("opened by   " + String.join(", ", fingerprints));
        lines.add("            The fingerprint of an identity:");
        lines.add("            age-keygen -y IDENTITY | tr -d '\\n' | sha256sum | cut -c1-16");
    }

    private static String words(Place place, boolean ca) {
        var words = new ArrayList<>(place.place().options());
        words.addAll(List.of("--cluster", place.latest().folder().cluster()));
        if (ca && place.facts().caFingerprint() != null) {
            words.addAll(List.of("--ca-fingerprint", place.facts().caFingerprint()));
        }
        return words.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    }

    private void steps(List<String> lines) {
        var place = places.getFirst();
        lines.add("FROM NOTHING TO A RUNNING OTHERIX-API, in a root shell on the new host. The page \"Restore\" has");
        lines.add("the reasons, and what to do with several hosts. Stop at the first error.");
        lines.add("");
        lines.add("1. Keep otherix-api from starting as an empty cluster, and install both packages.");
        lines.add("   Old hosts of the cluster that may come back: switch them off.");
        lines.add("     systemctl mask otherix-api");
        lines.add("     apt install ./otherix-api_*.deb ./otherix-etcd-backup_*.deb");
        if (!place.files()) {
            lines.add("   Bring /etc/otherix/api.yaml and /etc/otherix/api.env back: they are in no copy.");
        }
        lines.add("");
        lines.add("2. Fetch the newest copy. IDENTITY is the file with the identity.");
        if (place.place().target() == Target.S3) {
            lines.add("     export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...");
        }
        lines.add("     IDENTITY=/root/identity.txt");
        lines.add("     SNAPSHOT=$(" + COMMAND + "fetch latest " + words(place, true)
                + " \\\n       --identity \"$IDENTITY\" --out /root"
                + (place.files() ? " --files /root/otherix-files" : "") + ")");
        if (place.files()) {
            lines.add(
                    "   Files of the old host are then in /root/otherix-files. Read them: age does not say who wrote");
            lines.add("   them. Put them into their places, with the owners that they need, and bring back what is");
            lines.add("   missing of /etc/otherix/api.yaml and /etc/otherix/api.env.");
        }
        for (var other : places.subList(1, places.size())) {
            lines.add("   Or from the other place, with " + words(other, true));
        }
        lines.add("");
        lines.add("3. Restore it. PEER_URL is what otherix-api will advertise on this host.");
        lines.add("     PEER_URL=https://ADDRESS:2380");
        lines.add("     otherix-etcd-backup restore \"$SNAPSHOT\" --api-config /etc/otherix/api.yaml \\\n"
                + "       --peer-url \"$PEER_URL\" --move-old-aside"
                + Optional.ofNullable(place.facts().caFingerprint())
                        .map(ca -> " \\\n       --ca-fingerprint " + ca)
                        .orElse(""));
        lines.add("");
        lines.add("4. Quarantine, so that no agent acts on the old state. Then start.");
        Quarantine.begin().forEach(line -> lines.add("     " + line));
        lines.add("     systemctl unmask otherix-api && systemctl enable --now otherix-api");
        lines.add("");
        lines.add("5. Compare the state with what runs on each node, as the page \"Restore\" says. Only then end the");
        lines.add("   quarantine:");
        Quarantine.endAndRestart().forEach(line -> lines.add("     " + line));
    }
}
