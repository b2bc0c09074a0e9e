/**
 * Real object stores for tests: finds the programs, runs them on loopback with data of their own, makes buckets and
 * users, and stands between a client and a store to cut, slow down or answer in its place. Test code only; knows
 * nothing of the service under test.
 */
@NullMarked
package dev.otherix.backup.realstores;

import org.jspecify.annotations.NullMarked;
