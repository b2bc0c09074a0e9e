package dev.otherix.backup.cli;

import picocli.CommandLine.Command;

/** The help of the service itself; the main class runs it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        customSynopsis = "otherix-etcd-backup [serve] [--config FILE]... [--KEY=VALUE]...",
        description = {
            "Runs the service until it is stopped.",
            "Takes periodic snapshots and snapshots on demand, serves health and metrics."
        },
        footer = {
            "",
            "For example: otherix-etcd-backup serve --workers.backup.enabled=true",
            "        --workers.backup.dir=/var/backups/otherix-etcd"
        })
final class Serve implements Runnable {

    @Override
    public void run() {
        throw new IllegalStateException("the service's arguments are not parsed here");
    }
}
