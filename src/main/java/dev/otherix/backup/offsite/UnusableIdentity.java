package dev.otherix.backup.offsite;

import org.jspecify.annotations.Nullable;

/** A file of identities cannot be used. The message never repeats what is in it. */
public final class UnusableIdentity extends RuntimeException {

    private final String fix;

    UnusableIdentity(String message, String fix, @Nullable Throwable cause) {
        super(message, cause);
        this.fix = fix;
    }

    /** What to do now, as a sentence. */
    public String fix() {
        return fix;
    }
}
