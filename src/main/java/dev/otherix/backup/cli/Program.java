package dev.otherix.backup.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program as a whole: its help and its version. */
@Command(
        name = Program.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {"Backups of the etcd member inside otherix-api, each proven good before it gets", "its name."},
        footer = {"", "Without a command the jar and the image run serve; the installed program shows", "this help."})
final class Program implements Runnable {

    static final String NAME = "otherix-etcd-backup";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() throws IOException {
            try (var build = Version.class.getResourceAsStream("/META-INF/build-info.properties")) {
                var properties = new Properties();
                if (build != null) {
                    properties.load(build);
                }
                return new String[] {NAME + " " + properties.getProperty("build.version", "(version not known)")};
            }
        }
    }
}
