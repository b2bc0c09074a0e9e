package dev.otherix.backup;

import java.lang.reflect.InvocationTargetException;

/**
 * The entry point of the packaged jar. Compiled for Java 17, so that it can report in one line that Java is too old for
 * the service.
 */
public final class Launcher {

    private static final int NEEDED = 25;

    private Launcher() {}

    /** Starts the service, or ends with 1 if this Java is too old for it. */
    public static void main(String[] args) throws ReflectiveOperationException {
        if (Runtime.version().feature() < NEEDED) {
            System.err.printf(
                    "otherix-etcd-backup: needs Java %d or newer, and %s/bin/java is Java %s. Start it with the bin/java of a JDK %d.%n",
                    NEEDED, System.getProperty("java.home"), Runtime.version().feature(), NEEDED);
            System.exit(1);
        }
        try {
            // by name: this class is compiled without access to the other
            Class.forName("dev.otherix.backup.OtherixEtcdBackup")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
