/**
 * Where settings come from and which values are valid: the sources and their order, the text of a refusal, Go
 * durations, listen addresses. The bottom package: it knows no other one, and no setting. Callers pass in the blocks,
 * as record classes annotated with {@link dev.otherix.backup.config.Block}.
 */
@NullMarked
package dev.otherix.backup.config;

import org.jspecify.annotations.NullMarked;
