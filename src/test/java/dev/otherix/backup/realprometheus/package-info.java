/**
 * Real Prometheus for tests: finds the programs, runs a server as a process on loopback, and keeps tests from running
 * where there is none. Knows nothing of the service under test.
 */
@NullMarked
package dev.otherix.backup.realprometheus;

import org.jspecify.annotations.NullMarked;
