/**
 * Off-site copies: what is copied and when, encryption, the layout in a store, proof where the copies lie, and the way
 * back. A stranger to {@code job} and {@code restore}: it derives what is to be done from the directory of snapshots.
 */
@NullMarked
package dev.otherix.backup.offsite;

import org.jspecify.annotations.NullMarked;
