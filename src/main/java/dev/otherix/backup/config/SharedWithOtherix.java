package dev.otherix.backup.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link Block}, or one setting of it, that otherix-api's own configuration has too, with the same keys and
 * meaning. Only these settings are taken from an api.yaml.
 */
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
public @interface SharedWithOtherix {}
