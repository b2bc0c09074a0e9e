package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EtcdFilesTests {

    private final CountDownLatch mount = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void aMountThatHangsFailsEveryCallerAndOneThreadWaits() {
        var files = new EtcdFiles(Duration.ofSeconds(1));

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> files.read("etcd.password_file", this::password))
                    .withMessageContaining("the file that etcd.password_file names has not answered for 1 s")
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo(EtcdFailure.Reason.UNREACHABLE));
        }
        assertThat(reads).hasValue(1);

        mount.countDown();

        await().ignoreExceptions()
                .until(() -> files.read("etcd.password_file", this::password).equals("secret"));
    }

    @Test
    void theNextReadWaitsForTheOneUnderWay() throws Exception {
        var files = new EtcdFiles(Duration.ofSeconds(30));
        var first = Thread.ofVirtual().start(() -> files.read("etcd.ca_file", this::password));
        var second = Thread.ofVirtual().start(() -> files.read("etcd.ca_file", this::password));

        mount.countDown();

        first.join();
        second.join();
        assertThat(reads).hasValue(2);
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(EtcdFailure.class)
                .isThrownBy(() -> new EtcdFiles(Duration.ofSeconds(30)).read("etcd.ca_file", this::password))
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo(EtcdFailure.Reason.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    private String password() {
        reads.incrementAndGet();
        try {
            mount.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return "secret";
    }
}
