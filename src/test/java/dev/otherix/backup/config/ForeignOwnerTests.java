package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignOwnerTests {

    private static final String KEY = "workers.backup.dir";
    private static final int ROOT = 0;
    private static final int NOBODY = 65534;

    @TempDir
    private Path temporary;

    private Path foreign;

    /** Where the tests run as another user than root, what they make is foreign to root already. */
    @BeforeEach
    void aDirectoryOfAnotherUser() throws IOException {
        foreign = Files.createDirectory(temporary.resolve("foreign"));
        if ((Integer) Files.getAttribute(foreign, "unix:uid") == ROOT) {
            Files.setAttribute(foreign, "unix:uid", NOBODY);
        }
    }

    @Test
    void rootIsRefusedThereAndToldWhoseItIsAndHowToStart() throws IOException {
        var owner = Files.getOwner(foreign).getName();
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> ForeignOwner.refuse(KEY, foreign, ROOT))
                .withMessageStartingWith(
                        KEY + " = " + foreign + " belongs to the user " + owner + ", and this runs as root")
                .satisfies(refused -> assertThat(refused.fix()).contains("systemctl start otherix-etcd-backup", owner));
    }

    @Test
    void whatIsMissingCountsAsTheNearestDirectoryAboveIt() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> ForeignOwner.refuse(KEY, foreign.resolve("a/b"), ROOT))
                .withMessageContaining("is below " + foreign + ", which belongs to the user");
    }

    @Test
    void anyOtherUserMayTry() {
        assertThatCode(() -> ForeignOwner.refuse(KEY, foreign, NOBODY)).doesNotThrowAnyException();
        assertThatCode(() -> ForeignOwner.refuse(KEY, foreign, -1))
                .as("without procfs")
                .doesNotThrowAnyException();
    }

    @Test
    void rootMayWriteWhereRootIsTheOwner() {
        assertThatCode(() -> ForeignOwner.refuse(KEY, Path.of("/usr"), ROOT)).doesNotThrowAnyException();
        assertThatCode(() -> ForeignOwner.refuse(KEY, Path.of("/usr/none/snapshots"), ROOT))
                .doesNotThrowAnyException();
    }
}
