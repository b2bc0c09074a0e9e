package dev.otherix.backup.offsite;

import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.S3Properties;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotInterval;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Uncopied;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together the parts that copy snapshots off-site, where a target is set. */
@Configuration(proxyBeanMethods = false)
@WithTarget
class OffsiteConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(OffsiteConfiguration.class);

    OffsiteConfiguration(OffsiteProperties settings, LockProperties lock, FilesystemProperties directory, Clock clock) {
        if (settings.encryption() == OffsiteProperties.Encryption.NONE) {
            LOG.warn(
                    "off-site copies are not encrypted (offsite.encryption is none): whoever reads the store can read all"
                            + " that is in etcd, the key of the cluster's CA included");
        }
        announce(lock.from(clock.instant()), directory);
    }

    private static void announce(@Nullable ObjectLock lock, FilesystemProperties directory) {
        if (lock != null) {
            LOG.info(
                    "a copy in the bucket that is made today cannot be deleted before {} (offsite.lock.mode is {}: {}){}",
                    lock.until(),
                    lock.mode().word(),
                    switch (lock.mode()) {
                        case GOVERNANCE -> "only someone with s3:BypassGovernanceRetention can";
                        case COMPLIANCE -> "nobody can";
                    },
                    directory.path() == null
                            ? ""
                            : "; copies in " + directory.path() + " are not locked, a directory has no object lock");
        }
    }

    @Bean
    TargetStores targetStores(S3Properties bucket, FilesystemProperties directory) {
        return new TargetStores(Stream.concat(bucket.open(System.getenv()).stream(), directory.open().stream())
                .toList());
    }

    /** What retention keeps until it is copied. */
    @Bean
    Uncopied uncopied(OffsiteProperties settings, TargetStores stores, Superfluous superfluous) {
        return new Uncopied(stores.targets(), settings.keepUncopied(), superfluous::has);
    }

    @Bean
    Superfluous superfluous() {
        return new Superfluous();
    }

    @Bean
    Aging aging(
            CopyRetentionProperties retention,
            SnapshotInterval interval,
            Superfluous superfluous,
            ObjectProvider<PrunedCopies> listeners) {
        return new Aging(
                retention,
                interval.value(),
                superfluous,
                (target, copies) -> listeners.orderedStream().forEach(one -> one.removed(target, copies)));
    }

    @Bean
    OffsiteSettings offsiteSettings(OffsiteProperties common, LockProperties lock) {
        return new OffsiteSettings(common, lock);
    }

    @Bean
    Offsite offsite(
            OffsiteSettings settings,
            TargetStores stores,
            SnapshotDirectory directory,
            StateNotes notes,
            Inspections inspections,
            Aging aging,
            TaskList tasks,
            Turns turns,
            Clock clock) {
        return new Assembly(settings, directory, notes, inspections::request, tasks, aging, clock)
                .of(stores.all(), turns);
    }

    @Bean
    PlainCopies plainCopies(Offsite offsite, OffsiteProperties settings) {
        return settings.encryption() == OffsiteProperties.Encryption.NONE ? offsite.plainCopies() : PlainCopies.NONE;
    }

    @Bean
    OffsiteTicks offsiteTicks(Offsite offsite) {
        return new OffsiteTicks(offsite);
    }
}
