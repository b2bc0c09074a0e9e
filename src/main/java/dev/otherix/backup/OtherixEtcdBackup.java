package dev.otherix.backup;

import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.cli.Commands;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.job.BackupProperties;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service, and in the same jar the commands that ask it and those that work without it. Only the service starts Spring. */
@SpringBootApplication
public class OtherixEtcdBackup {

    /** Runs the service until it is stopped, or a command to its exit code. */
    public static void main(String[] args) {
        Optional<String[]> serve = Commands.serve(args);
        if (serve.isPresent()) {
            SpringApplication.run(OtherixEtcdBackup.class, serve.get());
        } else {
            System.exit(new Commands(settings -> load(settings).bind(ApiProperties.class).listen(),
                    settings -> Optional.ofNullable(load(settings).bind(BackupProperties.class).dir()),
                    new PrintWriter(System.out, true), new PrintWriter(System.err, true)).run(args));
        }
    }

    private static Settings load(List<String> settings) {
        return Settings.load(SettingsBlocks.ALL, settings.toArray(String[]::new), System.getenv(),
                SettingsListener.etcOtherix(System.getProperties()));
    }
}
