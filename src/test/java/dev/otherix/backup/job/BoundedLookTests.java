package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedLookTests {

    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private final AtomicInteger looks = new AtomicInteger();
    private volatile CountDownLatch answers = new CountDownLatch(0);
    private final BoundedLook<Integer> look = new BoundedLook<>(this::look, Duration.ofMillis(200), clock);

    private Integer look() throws InterruptedException {
        var number = looks.incrementAndGet();
        answers.await();
        return number;
    }

    @AfterEach
    void answer() {
        answers.countDown();
    }

    @Test
    void eachCallerSeesWhatIsSoAfterItCame() {
        assertThat(look.now(BoundedLookTests::late)).isEqualTo(1);
        assertThat(look.now(BoundedLookTests::late)).isEqualTo(2);
    }

    @Test
    void aLookThatDoesNotReturnIsAnsweredFromTheLastAndSaysSinceWhen() {
        look.now(BoundedLookTests::late);
        answers = new CountDownLatch(1);
        var began = clock.instant();

        assertThat(look.now((last, since) -> {
                    assertThat(since).isEqualTo(began);
                    return -last;
                }))
                .isEqualTo(-1);
        clock.advance(Duration.ofMinutes(5));
        assertThat(look.now((last, since) -> {
                    assertThat(since).isEqualTo(began);
                    return -last;
                }))
                .isEqualTo(-1);

        answers.countDown();
        await().until(() -> look.now(BoundedLookTests::late) > 0);
    }

    @Test
    void beforeTheFirstAnswerNothingIsKnown() {
        answers = new CountDownLatch(1);

        assertThat(look.now((last, since) -> last == null ? -1 : last)).isEqualTo(-1);
    }

    @Test
    void howeverManyAskOneThreadWaits() throws Exception {
        answers = new CountDownLatch(1);
        List<Future<Integer>> all = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                all.add(callers.submit(() -> look.now((last, since) -> -1)));
            }
        }
        for (var one : all) {
            assertThat(one.get()).isEqualTo(-1);
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void aFailureIsTheCallers() {
        var broken = new BoundedLook<Integer>(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                Duration.ofSeconds(30),
                clock);
        assertThatThrownBy(() -> broken.now(BoundedLookTests::late)).hasMessage("on purpose");
    }

    private static Integer late(@Nullable Integer last, Instant since) {
        throw new AssertionError("a look that returns is waited for");
    }
}
