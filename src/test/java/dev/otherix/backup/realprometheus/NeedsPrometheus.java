package dev.otherix.backup.realprometheus;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** These tests need a real Prometheus; without one they are not run, by name (see {@link PrometheusCondition}). */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(PrometheusCondition.class)
public @interface NeedsPrometheus {}
