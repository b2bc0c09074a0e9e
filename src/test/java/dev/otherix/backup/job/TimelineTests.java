package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.NotedMarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTests {

    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private final List<NotedMarks> noted = new ArrayList<>();
    private final Timeline timeline = new Timeline(null, noted::add, clock);

    @Test
    void whileTheMemberAnswersSomethingIsNotedEachMinuteAndNoMoreOften() {
        for (var second = 0; second < 600; second += 5) {
            timeline.heard(status("aaaa", 2 + second));
            clock.advance(Duration.ofSeconds(5));
        }

        assertThat(noted).hasSizeBetween(10, 12);
        for (var i = 1; i < noted.size(); i++) {
            assertThat(Duration.between(
                            newest(noted.get(i - 1)).time(),
                            newest(noted.get(i)).time()))
                    .isLessThanOrEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void marksOfAnotherClusterCountForThatOneOnly() {
        timeline.heard(status("aaaa", 5));
        clock.advance(Duration.ofMinutes(1));
        timeline.heard(status("bbbb", 9));

        assertThat(timeline.of("bbbb").oldestFirst()).containsExactly(new Mark(clock.instant(), 9));
        assertThat(timeline.of("aaaa")).isEqualTo(Marks.NONE);
        assertThat(noted.getLast().clusterId()).isEqualTo("bbbb");
    }

    @Test
    void aFallenRevisionIsAnotherHistory() {
        timeline.heard(status("aaaa", 9));
        clock.advance(Duration.ofMinutes(1));
        timeline.heard(status("aaaa", 5));

        assertThat(timeline.of("aaaa").oldestFirst()).containsExactly(new Mark(clock.instant(), 5));
    }

    @Test
    void aClockThatIsSetBackStopsNoNotes() {
        timeline.heard(status("aaaa", 5));
        clock.advance(Duration.ofHours(-2));
        timeline.heard(status("aaaa", 6));

        assertThat(noted).hasSize(2);
        assertThat(noted.getLast().marks().oldestFirst()).containsExactly(new Mark(clock.instant(), 6));
    }

    private static Mark newest(NotedMarks marks) {
        return marks.marks().oldestFirst().getLast();
    }

    private static MemberStatus status(String cluster, long revision) {
        return new MemberStatus("3.6.14", cluster, "1", MemberFacts.Role.LEADER, true, 1, List.of(), revision);
    }
}
