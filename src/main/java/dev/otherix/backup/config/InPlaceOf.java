package dev.otherix.backup.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the setting that replaces the keys of a foreign block: the refusal of such a key names this setting. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface InPlaceOf {

    /** The first part of those keys, for example {@code server}. */
    String value();
}
