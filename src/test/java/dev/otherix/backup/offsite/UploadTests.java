package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.offsite.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UploadTests {

    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 222L << 20, 4 * GIB, 8 * GIB, 100 * GIB, 800 * GIB})
    void noUploadHasMoreThanNineHundredPartsAndUsualOnesHaveTheSmallest(long bytes) {
        long part = Upload.partSize(bytes);

        assertThat(part).isGreaterThanOrEqualTo(ObjectStore.Upload.SMALLEST_PART);
        assertThat(Math.ceilDiv(bytes + bytes / 100, part)).isLessThanOrEqualTo(900);
        if (bytes <= 4 * GIB) {
            assertThat(part).isEqualTo(ObjectStore.Upload.SMALLEST_PART);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 250, 1000})
    void partsAreOfEqualSizeButTheLastAndHoldWhatWasWritten(int length) throws Exception {
        var written = new byte[length];
        new Random(length).nextBytes(written);
        var pipe = new PartPipe(100);
        var writing = Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int at = 0; at < length; at += 7) {
                    pipe.write(written, at, Math.min(7, length - at));
                }
                pipe.end();
            } catch (IOException broken) {
                pipe.fail(new IllegalStateException(broken));
            }
        });
        var read = new ArrayList<Byte>();
        var parts = new ArrayList<Integer>();
        for (var part = pipe.next(); part.length() > 0; part = pipe.next()) {
            parts.add(part.length());
            for (int i = 0; i < part.length(); i++) {
                read.add(part.bytes()[i]);
            }
            pipe.release(part);
        }
        writing.join();

        assertThat(read).hasSize(length);
        for (int i = 0; i < length; i++) {
            assertThat(read.get(i)).isEqualTo(written[i]);
        }
        assertThat(parts).hasSize(Math.ceilDiv(length, 100));
        assertThat(parts.stream().limit(Math.max(0, parts.size() - 1))).allMatch(size -> size == 100);
    }

    @Test
    void whoWritesMoreThanTwoPartsWaitsUntilOneIsSent() throws Exception {
        var pipe = new PartPipe(10);
        var writing = Thread.ofPlatform().daemon().start(() -> {
            try {
                pipe.write(new byte[30], 0, 30);
                pipe.end();
            } catch (IOException interrupted) {
                pipe.fail(new IllegalStateException(interrupted));
            }
        });

        var first = pipe.next();
        org.awaitility.Awaitility.await().until(() -> writing.getState() == Thread.State.WAITING);
        pipe.release(first);

        writing.join();
        assertThat(pipe.next().length()).isEqualTo(10);
        assertThat(pipe.next().bytes()).as("the same memory again").isSameAs(first.bytes());
        assertThat(pipe.next().length()).isZero();
    }
}
