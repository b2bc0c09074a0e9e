package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an archive gives that somebody changed. */
@Timeout(120)
class FileArchiveTests {

    @Test
    void aMutatedArchiveGivesPlainFilesOrIsRefused() {
        int refused = 0;
        int taken = 0;
        for (var archive : HostileArchives.mutated(20_000)) {
            var files = new ArrayList<IncludedFile>();
            var began = System.nanoTime();
            try {
                FileArchive.read(new ByteArrayInputStream(archive), files::add);
                taken++;
            } catch (IOException damaged) {
                refused++;
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(files).allSatisfy(file -> {
                assertThat(file.name())
                        .doesNotStartWith("/")
                        .doesNotEndWith("/")
                        .doesNotContain("//", "\n", "\0");
                assertThat(file.name().split("/")).doesNotContain("..", ".", "");
                assertThat(file.content()).hasSizeLessThanOrEqualTo(1 << 20);
                assertThat(file.modifiedAt().getEpochSecond()).isBetween(0L, 1L << 34);
            });
            assertThat(files).extracting(IncludedFile::name).doesNotHaveDuplicates();
        }
        assertThat(refused).isPositive();
        assertThat(taken).isPositive();
    }
}
