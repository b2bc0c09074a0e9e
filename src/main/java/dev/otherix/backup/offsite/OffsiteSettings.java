package dev.otherix.backup.offsite;

/** All that is set for the copies at every target. */
record OffsiteSettings(OffsiteProperties common, LockProperties lock) {}
