package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.OtherixEtcdBackup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessLocaleTests {

    private static final String REST =
            ") has no UTF-8, and Java takes the encoding of paths and arguments from it; start it with LC_ALL=C.UTF-8";

    @Test
    void asciiFitsInEachLocaleAndUtf8TakesAll() {
        assertThat(new ProcessLocale("ANSI_X3.4-1968", Map.of()).refuses(List.of("/var/backups", "--pin")))
                .isEmpty();
        assertThat(new ProcessLocale("UTF-8", Map.of()).refuses(List.of("/var/gr\u00f6\u00dfe")))
                .isEmpty();
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheNameOfTheLocale() {
        assertThat(new ProcessLocale("ANSI_X3.4-1968", Map.of("LC_ALL", "", "LANG", "C"))
                        .refuses(List.of("/var/gr\u00f6\u00dfe")))
                .hasValue("the locale of this process (LANG=C" + REST);
        assertThat(new ProcessLocale("ISO-8859-1", Map.of("LC_ALL", "de_DE", "LANG", "C"))
                        .refuses(List.of("--reason", "Pr\u00fcfung")))
                .hasValue("the locale of this process (LC_ALL=de_DE" + REST);
        assertThat(new ProcessLocale("ANSI_X3.4-1968", Map.of()).refuses(List.of("\ufffd")))
                .hasValue("the locale of this process (none set: POSIX" + REST);
    }

    @ParameterizedTest
    @CsvSource({"--reason, Pr\u00fcfung", "--workers.backup.dir, /var/gr\u00f6\u00dfe"})
    void theProgramRefusesAnArgumentThatItCannotRead(String option, String value) throws Exception {
        var java = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherixEtcdBackup.class.getName(),
                        "snapshot",
                        option,
                        value)
                .redirectErrorStream(true);
        java.environment().put("LC_ALL", "POSIX");
        var process = java.start();
        assertThat(new String(process.getInputStream().readAllBytes()))
                .endsWith("otherix-etcd-backup: the locale of this process (LC_ALL=POSIX" + REST + "\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
