package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.FoundCopy;
import dev.otherix.backup.snapshot.Target;
import java.util.List;

/**
 * The copies of one store.
 *
 * @param place as the store names itself
 */
record CopyList(Target target, String place, List<FoundCopy> copies) {}
