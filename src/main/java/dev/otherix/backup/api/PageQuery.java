package dev.otherix.backup.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requested part of a list: at most {@code limit} entries after the entry that the cursor names. A cursor names the
 * last entry of the previous part, so new entries at the head of the list change nothing. @param <K> type of an entry's
 * name
 */
record PageQuery<K>(int limit, Optional<K> after) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 200;

    /**
     * Reads the parameters of a request.
     *
     * @param key reads the name of an entry out of a cursor
     * @throws ApiFailure naming the parameter that is wrong
     */
    static <K> PageQuery<K> of(@Nullable String limit, @Nullable String cursor, Function<String, Optional<K>> key) {
        return new PageQuery<>(
                limit == null ? DEFAULT_LIMIT : limit(limit),
                cursor == null
                        ? Optional.empty()
                        : Optional.of(decoded(cursor).flatMap(key).orElseThrow(PageQuery::notOurs)));
    }

    /**
     * The page that begins with the first of {@code rest}. These are the entries after {@link #after}, or enough of
     * them to know whether another page follows.
     */
    <T> Page<T> page(List<T> rest, Function<T, String> key) {
        var more = rest.size() > limit;
        var data = more ? rest.subList(0, limit) : rest;
        return new Page<>(List.copyOf(data), new Page.Meta(more ? encoded(key.apply(data.getLast())) : null));
    }

    private static int limit(String text) {
        try {
            var limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // refused below
        }
        throw ApiFailure.invalid("limit", "must be a number from 1 to " + MOST);
    }

    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decoded(String cursor) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static ApiFailure notOurs() {
        return ApiFailure.invalid("cursor", "did not come from this list; start without a cursor");
    }
}
