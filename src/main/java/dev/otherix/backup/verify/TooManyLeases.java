package dev.otherix.backup.verify;

/** A file has, or its keys have, more leases than are remembered at once. */
public final class TooManyLeases extends RuntimeException {

    TooManyLeases() {
        super("more than " + LeaseIds.MOST + " leases");
    }
}
