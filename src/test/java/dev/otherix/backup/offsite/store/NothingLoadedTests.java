package dev.otherix.backup.offsite.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.config.Settings;
import dev.otherix.backup.realetcd.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service without a bucket pays nothing for the possibility. */
class NothingLoadedTests {

    @Test
    void withoutABucketNoClassOfTheSdkIsLoaded() {
        assertThat(loaded("nothing"))
                .anyMatch(name -> name.startsWith("dev.otherix.backup.offsite.store.S3Properties"))
                .noneMatch(name -> name.startsWith("software.amazon.awssdk") || name.startsWith("org.apache.hc"));
        assertThat(loaded("bucket")).contains("software.amazon.awssdk.services.s3.S3Client");
    }

    private static List<String> loaded(String what) {
        return Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:stdout:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Binds.class.getName(),
                        what)
                .output()
                .lines()
                .map(line -> line.replaceFirst(" source:.*", ""))
                .filter(name -> name.matches("(dev.otherix|software|org.apache)\\..*"))
                .toList();
    }

    /** What the start does with the settings. */
    static final class Binds {

        private Binds() {}

        public static void main(String[] arguments) {
            var bucket = arguments[0].equals("bucket")
                    ? new String[] {
                        "--offsite.s3.bucket=backups", "--offsite.s3.region=r", "--offsite.s3.credentials=environment"
                    }
                    : new String[0];
            var settings = Settings.load(
                    List.of(S3Properties.class, FilesystemProperties.class), bucket, Map.of(), Path.of("/nonexistent"));
            settings.bind(S3Properties.class).open(Map.of()).ifPresent(ObjectStore::close);
            settings.bind(FilesystemProperties.class).open();
        }
    }
}
