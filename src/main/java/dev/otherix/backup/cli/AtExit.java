package dev.otherix.backup.cli;

/**
 * Does something if the process is ended before this is closed, as Ctrl-C does: the code after it does not run then.
 */
final class AtExit implements AutoCloseable {

    private final Thread hook;

    AtExit(Runnable cleaning) {
        this.hook = new Thread(cleaning, "at-exit");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // the hook runs by now
        }
    }
}
