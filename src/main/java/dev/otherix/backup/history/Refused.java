package dev.otherix.backup.history;

/** A question about a file's past cannot be answered, for a reason that the person who asks can act on. */
public final class Refused extends RuntimeException {

    private final String fix;

    /** @param fix what to do now, as a sentence */
    public Refused(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** @param fix what to do now, as a sentence */
    public Refused(String message, String fix, Throwable cause) {
        super(message, cause);
        this.fix = fix;
    }

    public String fix() {
        return fix;
    }
}
