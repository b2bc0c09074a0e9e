package dev.otherix.backup.realetcd;

import com.sun.security.auth.module.UnixSystem;
import java.util.Optional;

/** The user that this process belongs to. */
record ThisUser(String name, boolean isRoot) {

    static ThisUser of() {
        var system = new UnixSystem();
        return new ThisUser(String.valueOf(system.getUsername()), system.getUid() == 0);
    }

    /** Why this user may not do what root may, empty when it may. */
    Optional<String> withoutRoot() {
        return isRoot ? Optional.empty() : Optional.of("needs root: run as " + name);
    }
}
