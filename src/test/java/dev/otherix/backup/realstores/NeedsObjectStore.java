package dev.otherix.backup.realstores;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * These tests need real object stores; without one of them they are not run, by name. {@code VERSITYGW} names the
 * program versitygw, {@code CEPH_RGW} the command that runs a Ceph cluster with its gateway.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(ObjectStoreCondition.class)
public @interface NeedsObjectStore {

    /** The stores that must all be there. */
    Kind[] value() default Kind.VERSITY;

    /** The kinds of stores. */
    enum Kind {
        VERSITY,
        CEPH
    }
}
