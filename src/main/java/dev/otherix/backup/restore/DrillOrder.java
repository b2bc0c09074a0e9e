package dev.otherix.backup.restore;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a drill restores, and where.
 *
 * @param source where the snapshot comes from
 * @param scratch an existing directory; the drill makes one of its own in it, and removes it
 * @param etcd the program that is started with the restored data; empty: none
 * @param reserveBytes how many bytes of the scratch directory's file system stay free
 * @param words what messages call all this
 */
public record DrillOrder(DrillSource source, Path scratch, Optional<Path> etcd, long reserveBytes, Words words) {

    /** @throws IllegalArgumentException if a path is empty; the message is a sentence */
    public DrillOrder {
        if (scratch.toString().isEmpty()) {
            throw new IllegalArgumentException(words.scratch() + " is empty");
        }
        if (etcd.map(program -> program.toString().isEmpty()).orElse(false)) {
            throw new IllegalArgumentException(words.etcd() + " is empty");
        }
    }

    /** Of a file that is there. */
    public DrillOrder(Path snapshot, Path scratch, Optional<Path> etcd, long reserveBytes, Words words) {
        this(new DrillSource.Here(snapshot), scratch, etcd, reserveBytes, words);
    }

    /**
     * The names that a person changes something by. A message holds no path of this host.
     *
     * @param scratch names the scratch directory
     * @param etcd names the program
     * @param moreDisk what to do where the disk has too little space, as a sentence
     */
    public record Words(String scratch, String etcd, String moreDisk) {

        /** For the service, whose settings are in its configuration. */
        public static final Words SETTINGS = new Words(
                "workers.backup.dir",
                "drill.etcd",
                "Free some space, lower directory.reserve, or switch drills off with drill.interval: 0.");

        /** For a command. */
        public static final Words OPTIONS =
                new Words("--scratch", "--etcd", "Free some space, or name a --scratch on another file system.");
    }
}
