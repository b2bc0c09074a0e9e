package dev.otherix.backup.realetcd;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * These tests need an etcd, but are about the service's own process, directory or answers: another line of etcd shows
 * nothing new. The profile {@code distro} leaves them out.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("any-etcd")
public @interface AnyEtcd {}
