package dev.otherix.backup;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.cli.Commands;
import dev.otherix.backup.cli.OffsitePlaces;
import dev.otherix.backup.cli.PlacesByUrl;
import dev.otherix.backup.cli.Service;
import dev.otherix.backup.cli.StandardOutput;
import dev.otherix.backup.config.ProcessLocale;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.offsite.OffsiteProperties;
import dev.otherix.backup.offsite.Recipients;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import dev.otherix.backup.offsite.store.PlaceWords;
import dev.otherix.backup.offsite.store.S3Properties;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.start.Serving;
import dev.otherix.backup.start.SettingsBlocks;
import dev.otherix.backup.start.SettingsListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/**
 * The service and, in the same jar, the commands: some call the service, some work without it. Only the service starts
 * Spring.
 */
// Boot would create a user with a password and log it; there are no users here
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class OtherixEtcdBackup {

    private static final int UNUSABLE = 2;

    /** Runs the service until it is stopped, or runs a command and ends with its exit code. */
    public static void main(String[] args) {
        ProcessLocale.ofThisProcess().refuses(Arrays.asList(args)).ifPresent(why -> {
            System.err.println("otherix-etcd-backup: " + why);
            System.exit(UNUSABLE);
        });
        var serve = Commands.serve(args);
        if (serve.isPresent()) {
            Serving.run(OtherixEtcdBackup.class, serve.get());
        } else {
            System.exit(new Commands(
                            OtherixEtcdBackup::service,
                            arguments -> Optional.ofNullable(
                                    load(arguments).bind(BackupProperties.class).dir()),
                            arguments -> new EtcdMember(load(arguments).bind(EtcdProperties.class)),
                            new OffsitePlaces(
                                    OtherixEtcdBackup::copies,
                                    new PlacesByUrl(System.getenv(), Path.of(System.getProperty("user.home"))),
                                    System.in),
                            new StandardOutput(),
                            new PrintWriter(System.err, true))
                    .run(args));
        }
    }

    private static Service service(List<String> arguments) {
        var settings = load(arguments);
        return new Service(
                settings.bind(ApiProperties.class).listen(),
                settings.bind(AccessProperties.class).tokenFile(),
                settings.bind(TlsProperties.class));
    }

    /** Where the service's copies are. Nothing of the stores' own libraries is loaded before one is opened. */
    private static List<StorePlace> copies(List<String> arguments) {
        var settings = load(arguments);
        var common = settings.bind(OffsiteProperties.class);
        var prefix = String.valueOf(common.prefix());
        var cluster = Optional.ofNullable(common.cluster());
        var recipients = common.who().map(Recipients::keys).orElse(List.of());
        var places = new ArrayList<StorePlace>();
        var s3 = settings.bind(S3Properties.class);
        s3.place()
                .map(bucket -> new StorePlace(
                        Target.S3,
                        prefix,
                        cluster,
                        PlaceWords.of(bucket, prefix),
                        recipients,
                        () -> s3.open(System.getenv()).orElseThrow()))
                .ifPresent(places::add);
        var directory = settings.bind(FilesystemProperties.class);
        if (directory.path() != null) {
            places.add(new StorePlace(
                    Target.FILESYSTEM,
                    prefix,
                    cluster,
                    PlaceWords.of(directory.path(), prefix),
                    recipients,
                    () -> directory.open().orElseThrow()));
        }
        return places;
    }

    private static Settings load(List<String> arguments) {
        return Settings.load(
                SettingsBlocks.ALL,
                arguments.toArray(String[]::new),
                System.getenv(),
                SettingsListener.etcOtherix(System.getProperties()));
    }
}
