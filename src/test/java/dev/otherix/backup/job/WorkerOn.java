package dev.otherix.backup.job;

import dev.otherix.backup.config.BuiltInWorker;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The parts that make backups, on a directory that a test has opened. One requested snapshot is kept. */
public final class WorkerOn {

    private WorkerOn() {}

    public static BackupWorker directory(SnapshotDirectory directory, BackupProperties backup, String clientUrl, Clock clock) {
        return new BackupWorker(backup, new RetentionProperties(1), directory, new ScheduleProperties(Duration.ofMinutes(1)),
                new StreamProperties(Duration.ofSeconds(30), null, null),
                new VerificationProperties(VerificationProperties.HashKv.AUTO, Duration.ZERO),
                new ClusterCaProperties(Path.of("/nonexistent/cluster-ca.crt")), new BuiltInWorker(Optional.empty()),
                new EtcdMember(new EtcdProperties(URI.create(clientUrl), null, null, null, null, null)), clock);
    }
}
