package dev.otherix.backup.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record as one block of settings. Each component is one key: {@code clientUrl} in the block {@code etcd} is
 * {@code etcd.client_url}. A component annotated {@code @Nullable} may stay unset; every other one has a
 * {@link Default}. The record's compact constructor checks the values and throws {@link InvalidSetting}.
 *
 * <p>Not Spring's {@code @ConfigurationProperties}: Spring would bind that from its whole environment, where etcd's own
 * {@code ETCD_CERT_FILE} would become {@code etcd.cert_file}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Block {

    /** The block's full name, for example {@code workers.backup}. */
    String value();
}
