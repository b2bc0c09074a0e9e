package dev.otherix.backup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTests {

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Deque<Piece> due = new ArrayDeque<>();
    private final Lane<Piece> lane = new Lane<>("test-lane", Duration.ofSeconds(4), this::nextDue);

    private Optional<Piece> nextDue() {
        synchronized (due) {
            return Optional.ofNullable(due.poll());
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        lane.close();
    }

    private Piece ask(Piece piece) {
        return lane.ask(waiting -> {
            waiting.add(piece);
            return piece;
        });
    }

    @Test
    void onePieceAtATimeInTheOrderOfAsking() {
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            ask(new Piece(
                    "piece " + i,
                    () -> most.accumulateAndGet(atOnce.incrementAndGet(), Math::max),
                    atOnce::decrementAndGet));
        }

        await().until(() -> told.size() == 20);

        assertThat(most).hasValue(1);
        assertThat(told).first().isEqualTo("piece 0 done");
        assertThat(told).last().isEqualTo("piece 19 done");
    }

    @Test
    void workThatHasBegunIsNotAmongThoseThatWait() {
        var first = ask(held("first"));
        await().until(() -> lane.running().isPresent());

        int waiting = lane.ask(Deque::size);

        assertThat(waiting).isZero();
        assertThat(lane.running()).contains(first);
    }

    @Test
    void whatSomebodyAskedForComesBeforeWhatIsDue() {
        ask(held("first"));
        await().until(() -> lane.running().isPresent());
        synchronized (due) {
            due.add(new Piece("due"));
        }
        ask(new Piece("asked"));

        gate.countDown();
        await().until(() -> told.size() == 3);

        assertThat(told).containsExactly("first done", "asked done", "due done");
    }

    @Test
    void aWakeDoesAllThatIsDue() {
        due.addAll(List.of(new Piece("one"), new Piece("two")));

        lane.wake();

        await().until(() -> told.size() == 2);
        await().until(() -> lane.running().isEmpty());
    }

    @Test
    void whatBecomesDueWhileTheLaneLooksIsDoneToo() {
        var looks = new CountDownLatch(1);
        try (var slow = new Lane<Piece>("slow-lane", Duration.ofSeconds(1), () -> {
            var seen = nextDue();
            looks.countDown();
            await().until(() -> gate.getCount() == 0);
            return seen;
        })) {
            slow.wake();
            await().until(() -> looks.getCount() == 0);
            synchronized (due) {
                due.add(new Piece("late"));
            }
            slow.wake();

            gate.countDown();
            await().until(() -> told.contains("late done"));
        }
    }

    @Test
    void nothingIsAddedWhenIdleWhileWorkIsUnderWay() {
        ask(held("first"));

        assertThat(lane.askWhenIdle(waiting -> waiting.add(new Piece("second"))))
                .isEmpty();

        gate.countDown();
        await().until(() ->
                lane.askWhenIdle(waiting -> waiting.add(new Piece("second"))).isPresent());
        await().until(() -> told.contains("second done"));
    }

    @Test
    void aPieceThatThrowsHoldsUpNoOther() {
        ask(new Piece(
                "broken",
                () -> {
                    throw new StackOverflowError("on purpose");
                },
                () -> {}));
        ask(new Piece("next"));

        await().until(() -> told.contains("next done"));
    }

    @Test
    void lookingForDueWorkMayFail() {
        try (var faulty = new Lane<Piece>("faulty-lane", Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("on purpose");
        })) {
            faulty.wake();
            await().until(() -> faulty.askWhenIdle(waiting -> waiting.add(new Piece("next")))
                    .isPresent());
            await().until(() -> told.contains("next done"));
        }
    }

    @Test
    void closingCancelsWhatIsUnderWayAndRefusesWhatWaits() {
        ask(held("first"));
        await().until(() -> lane.running().isPresent());
        ask(new Piece("second"));

        lane.close();

        assertThat(told).containsExactlyInAnyOrder("first cancelled", "second refused", "first done");
        assertThat(lane.closed()).isTrue();
    }

    @Test
    void afterClosingAllIsRefusedAtOnce() {
        lane.close();

        ask(new Piece("late"));

        assertThat(told).containsExactly("late refused");
        assertThat(lane.askWhenIdle(waiting -> waiting.add(new Piece("later")))).isEmpty();
    }

    @Test
    void workThatIsGivenUpHasFailedAndSoHasAllThatIsAskedForUntilItsThreadReturns() {
        ask(held("stuck"));
        await().until(() -> lane.running().isPresent());
        ask(new Piece("waiting"));

        lane.giveUp(new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, "no answer"));
        lane.giveUp(new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, "still no answer"));
        ask(new Piece("late"));

        assertThat(told)
                .containsExactlyInAnyOrder(
                        "stuck given up: no answer", "waiting turned away: no answer", "late turned away: no answer");
        assertThat(lane.askWhenIdle(waiting -> waiting.add(new Piece("tick")))).isEmpty();

        gate.countDown();
        await().until(() -> told.contains("stuck done"));
        await().until(() ->
                lane.askWhenIdle(waiting -> waiting.add(new Piece("next"))).isPresent());
        await().until(() -> told.contains("next done"));
    }

    @Test
    void aLookForDueWorkThatDoesNotReturnHoldsUpNobodyEither() throws InterruptedException {
        var looks = new CountDownLatch(1);
        try (var hanging = new Lane<Piece>("hanging-lane", Duration.ofSeconds(1), () -> {
            looks.countDown();
            awaitGate();
            return Optional.empty();
        })) {
            hanging.wake();
            looks.await();
            hanging.giveUp(new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, "no answer"));
            hanging.ask(waiting -> waiting.add(new Piece("asked")));
            assertThat(told).containsExactly("asked turned away: no answer");
        }
    }

    @Test
    void nothingIsGivenUpWhereNothingIsUnderWay() {
        lane.giveUp(new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, "no answer"));

        ask(new Piece("next"));

        await().until(() -> told.contains("next done"));
    }

    @Test
    void aStopGivesUpWorkThatDoesNotEnd() {
        var never = new CountDownLatch(1);
        try (var brief = new Lane<Piece>("short-lane", Duration.ofMillis(100), Optional::empty)) {
            brief.ask(waiting -> waiting.add(new Piece("deaf", () -> awaitWhateverHappens(never), () -> {})));
            await().until(() -> brief.running().isPresent());
        }
        never.countDown();
        assertThat(told).anyMatch(line -> line.startsWith("deaf given up: the service is stopping"));
    }

    @Test
    void aSecondCloseDoesNotWaitAgain() {
        var never = new CountDownLatch(1);
        var brief = new Lane<Piece>("slow-lane", Duration.ofSeconds(2), Optional::empty);
        brief.ask(waiting -> waiting.add(new Piece("deaf", () -> awaitWhateverHappens(never), () -> {})));
        await().until(() -> brief.running().isPresent());
        brief.close();

        var before = System.nanoTime();
        brief.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        never.countDown();
    }

    private Piece held(String name) {
        return new Piece(name, this::awaitGate, () -> {});
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException stillHeld) {
                // as a call into the system does
            }
        }
    }

    private final class Piece implements Work {

        private final String name;
        private final Runnable before;
        private final Runnable after;

        Piece(String name) {
            this(name, () -> {}, () -> {});
        }

        Piece(String name, Runnable before, Runnable after) {
            this.name = name;
            this.before = before;
            this.after = after;
        }

        @Override
        public void perform() {
            before.run();
            after.run();
            told.add(name + " done");
        }

        @Override
        public void cancel() {
            told.add(name + " cancelled");
            gate.countDown();
        }

        @Override
        public void refuse() {
            told.add(name + " refused");
        }

        @Override
        public void giveUp(TaskFailure why) {
            told.add(name + " given up: " + why.message());
        }

        @Override
        public void turnAway(TaskFailure why) {
            told.add(name + " turned away: " + why.message());
        }
    }
}
