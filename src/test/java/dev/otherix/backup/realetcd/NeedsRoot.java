package dev.otherix.backup.realetcd;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * These tests need the rights of root; any other user's run lists them as not run, and never fails for that (see
 * {@link Completeness}). {@code ./mvnw verify -Proot} runs all tests with {@link #TAG} and no others.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag(NeedsRoot.TAG)
@ExtendWith(NeedsCondition.class)
public @interface NeedsRoot {

    /**
     * Of this annotation, and of each other one for something that a plain user's machine need not let its user have.
     */
    String TAG = "root";
}
