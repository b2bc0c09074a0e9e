/**
 * Real etcd for tests: finds the programs, runs members and clusters as processes on loopback, makes certificates and
 * an otherix key space, and says by name which tests could not run because something is missing. Test code only; knows
 * nothing of the service under test.
 */
@NullMarked
package dev.otherix.backup.realetcd;

import org.jspecify.annotations.NullMarked;
