package dev.otherix.backup.start;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.audit.AuditProperties;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.drill.DrillProperties;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.DirectoryProperties;
import dev.otherix.backup.job.RetentionProperties;
import dev.otherix.backup.job.ScheduleProperties;
import dev.otherix.backup.monitoring.HeartbeatProperties;
import dev.otherix.backup.monitoring.MonitoringProperties;
import dev.otherix.backup.offsite.CopyRetentionProperties;
import dev.otherix.backup.offsite.LockProperties;
import dev.otherix.backup.offsite.OffsiteProperties;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import dev.otherix.backup.offsite.store.S3Properties;
import java.util.List;

/** All blocks of settings. A new one is added here and gets its bean in {@link SettingsConfiguration}. */
public final class SettingsBlocks {

    public static final List<Class<? extends Record>> ALL = List.of(
            BackupProperties.class,
            EtcdProperties.class,
            ClusterCaProperties.class,
            ApiProperties.class,
            AccessProperties.class,
            TlsProperties.class,
            AuditProperties.class,
            MonitoringProperties.class,
            HeartbeatProperties.class,
            RetentionProperties.class,
            DirectoryProperties.class,
            StreamProperties.class,
            ScheduleProperties.class,
            VerificationProperties.class,
            DrillProperties.class,
            OffsiteProperties.class,
            LockProperties.class,
            CopyRetentionProperties.class,
            S3Properties.class,
            FilesystemProperties.class);

    private SettingsBlocks() {}
}
