/**
 * Measurements, not tests: programs that print a table. Each runs the packaged jar beside a real etcd; the page
 * figures.md has the commands.
 */
@NullMarked
package dev.otherix.backup.benchmark;

import org.jspecify.annotations.NullMarked;
