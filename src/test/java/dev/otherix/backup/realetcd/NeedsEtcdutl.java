package dev.otherix.backup.realetcd;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * These tests need {@link EtcdHomes#first()} with {@code etcdutl}; without it they are not run, by name (see
 * {@link NeedsCondition}).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("etcd")
@ExtendWith(NeedsCondition.class)
public @interface NeedsEtcdutl {}
