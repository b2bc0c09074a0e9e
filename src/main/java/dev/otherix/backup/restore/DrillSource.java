package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Path;

/** The snapshot that a drill restores. */
public sealed interface DrillSource {

    /** A file that is there; a link is followed. */
    record Here(Path file) implements DrillSource {}

    /**
     * One that is fetched into the directory of the drill, and removed with it. Used by the thread of the drill, which
     * is interrupted when the drill is ended.
     */
    non-sealed interface Fetched extends DrillSource {

        /**
         * Finds it.
         *
         * @return how many bytes the file has
         * @throws NotFetched if it cannot be had now
         * @throws DrillFailure if it is not what it should be
         */
        long find();

        /**
         * Fetches it, and proves that.
         *
         * @param file there, empty, and for nobody else
         * @throws NotFetched if it cannot be had now
         * @throws DrillFailure if it is not what it should be
         * @throws dev.otherix.backup.verify.bolt.NotWritten if the disk refuses
         * @throws IOException if what was written cannot be read
         */
        void fetch(Path file) throws IOException;
    }
}
