/**
 * Measurements, not tests: programs that print a table. Each runs the packaged jar beside a real etcd; the README's section Figures
 * has the commands.
 */
@NullMarked
package dev.otherix.backup.benchmark;

import org.jspecify.annotations.NullMarked;
