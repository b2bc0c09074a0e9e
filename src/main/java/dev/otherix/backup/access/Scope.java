package dev.otherix.backup.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a token may do; each includes those before it. */
public enum Scope {

    /** See records, tasks, status and health's details. */
    READ,
    /** Take, verify and pin snapshots, and report an undo. */
    OPERATE,
    /** Delete and download snapshots, which hold the cluster CA's key. */
    ADMIN;

    /** The scope with this word, as in the tokens file. */
    public static Optional<Scope> of(String word) {
        return Arrays.stream(values())
                .filter(scope -> scope.word().equals(word))
                .findFirst();
    }

    /** The word for it in the tokens file, the API's document and the audit log. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** This scope and the scopes that it includes. */
    List<Scope> included() {
        return Arrays.stream(values())
                .filter(other -> other.compareTo(this) <= 0)
                .toList();
    }
}
