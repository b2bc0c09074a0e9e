package dev.otherix.backup.config;

import java.util.Locale;

/** A private key of age, which must not be on this host. Its text is never repeated. */
public final class IdentityOfAge {

    private static final String MARK = "AGE-SECRET-KEY-";
    private static final String FIX =
            "Remove it from this host and keep it elsewhere. What belongs here is its public key, age1..., which"
                    + " age-keygen -y FILE prints.";

    private IdentityOfAge() {}

    /** @throws InvalidSetting if the setting's text holds one, whatever the setting is for */
    static void refuse(Setting setting) {
        if (isIn(setting.text())) {
            throw refused(setting.key(), "holds a private key of age").at(setting.source());
        }
    }

    /** Whether {@code text} holds one. */
    public static boolean isIn(String text) {
        return text.toUpperCase(Locale.ROOT).contains(MARK);
    }

    /** The refusal, without the text. @param problem the rest of a sentence that begins with the key */
    public static InvalidSetting refused(String key, String problem) {
        return new InvalidSetting(
                key, null, problem + ", which could open every copy and must not be on this host", FIX);
    }
}
