/**
 * Where settings come from and what they may say: the sources and their order, the words of a refusal, Go durations,
 * listen addresses. The bottom package: it knows no other one. Which blocks exist is handed in, as record classes
 * annotated with {@link dev.otherix.backup.config.Block}.
 */
@NullMarked
package dev.otherix.backup.config;

import org.jspecify.annotations.NullMarked;
