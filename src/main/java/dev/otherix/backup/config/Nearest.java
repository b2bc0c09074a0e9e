package dev.otherix.backup.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses the word that was meant by an unknown word. A poor guess would only mislead. */
public final class Nearest {

    private static final int SHORTEST_BEGINNING = 3;
    private static final int LETTERS_FOR_A_SLIP = 3;

    private Nearest() {}

    /**
     * The one of {@code known} with the fewest changed letters; empty if more than a third of the letters would have to
     * change. A word that begins with another, like {@code pinned} with {@code pin}, is similar to it.
     */
    public static Optional<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(other -> isNear(word, other))
                .min(Comparator.comparingInt((String other) -> distance(word, other))
                        .thenComparing(other -> other));
    }

    private static boolean isNear(String one, String other) {
        var beginning = Math.min(one.length(), other.length()) >= SHORTEST_BEGINNING
                && (one.startsWith(other) || other.startsWith(one));
        return beginning || distance(one, other) <= Math.max(one.length(), other.length()) / LETTERS_FOR_A_SLIP;
    }

    /** How many letters must be inserted, deleted, replaced, or swapped with the next one. */
    static int distance(String from, String to) {
        var steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                steps[i][j] = i == 0 || j == 0
                        ? i + j
                        : Math.min(
                                Math.min(steps[i - 1][j], steps[i][j - 1]) + 1,
                                steps[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[from.length()][to.length()];
    }
}
