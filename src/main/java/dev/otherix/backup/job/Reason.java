package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import java.util.Locale;

/**
 * Why health is not UP.
 *
 * @param code one of {@link Code}, as shown
 * @param message what is wrong and what to do
 */
public record Reason(String code, String message) {

    public enum Code {
        DISABLED,
        NOT_DUE_YET,
        LAST_RUN_FAILED,
        LOCAL_ONLY,
        OVERDUE,
        DIRECTORY_GONE,
        DIRECTORY_NOT_WRITABLE,
        DIRECTORY_HANGS,
        SNAPSHOT_CORRUPT,
        SNAPSHOT_UNREADABLE,
        ETCD_CORRUPT
    }

    public Reason(Code code, String message) {
        this(word(code), message);
    }

    private static String word(Code code) {
        return code.name().toLowerCase(Locale.ROOT);
    }

    public boolean is(Code one) {
        return code.equals(word(one));
    }

    /** Why the directory cannot be used. */
    static Reason of(DirectoryFailure failure) {
        var code = switch (failure.reason()) {
            case GONE, REPLACED -> Code.DIRECTORY_GONE;
            case HANGS -> Code.DIRECTORY_HANGS;
            default -> Code.DIRECTORY_NOT_WRITABLE;
        };
        return new Reason(code, String.valueOf(failure.getMessage()));
    }
}
