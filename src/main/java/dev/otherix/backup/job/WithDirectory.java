package dev.otherix.backup.job;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Marks a bean that exists only if {@code workers.backup.dir} is set: without a directory nothing takes snapshots. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnProperty(WithDirectory.PROPERTY)
public @interface WithDirectory {

    /** The property of Spring's environment that shows this. */
    String PROPERTY = "workers.backup.dir";
}
