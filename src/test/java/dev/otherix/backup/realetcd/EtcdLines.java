package dev.otherix.backup.realetcd;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs a {@code @ParameterizedTest} that takes an {@link EtcdHome} once for each of these lines. A line that is missing
 * is an invocation that was not run, by name, and fails where {@link Completeness} demands lines.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ArgumentsSource(EtcdLinesProvider.class)
@ExtendWith(EtcdLinesProvider.class)
public @interface EtcdLines {

    /** Lines such as {@code 3.6}. */
    String[] value() default {"3.4", "3.5", "3.6", "3.7"};
}
