package dev.otherix.backup.offsite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Marks a bean that exists only if a target for copies is set: without one, off-site copies cost nothing. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnProperty(WithTarget.PROPERTY)
public @interface WithTarget {

    /** The property of Spring's environment that shows this. */
    String PROPERTY = "otherix.offsite.on";
}
