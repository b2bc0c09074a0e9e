package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.FileDetails.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveMembersTests {

    private String open = "";
    private String closed = "";
    private ServerSocket listening = unbound();

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open = "https://127.0.0.1:" + listening.getLocalPort();
        try (var ended = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "https://127.0.0.1:" + ended.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws IOException {
        listening.close();
    }

    private static Member member(String name, boolean learner, String... urls) {
        return new Member("1", name, List.of(urls), learner);
    }

    @Test
    void twoOfThreeAreAMajorityAndOneIsNone() {
        var two = LiveMembers.of(
                List.of(member("a", false, open), member("b", false, closed), member("c", false, closed, open)));
        assertThat(two.majority()).isTrue();
        assertThat(two.text()).isEqualTo("2 of its 3 members answer: a " + open + ", c " + open);
        var one = LiveMembers.of(
                List.of(member("a", false, open), member("b", false, closed), member("c", false, closed)));
        assertThat(one.majority()).isFalse();
        assertThat(one.answering()).containsExactly(new LiveMembers.Answering("a", open));
        assertThat(one.text()).isEqualTo("1 of its 3 members answers: a " + open);
    }

    @Test
    void halfIsNoMajorityAndALearnerDoesNotCount() {
        var half =
                LiveMembers.of(List.of(member("a", false, open), member("b", false, closed), member("c", true, open)));
        assertThat(half).isEqualTo(new LiveMembers(2, List.of(new LiveMembers.Answering("a", open))));
        assertThat(half.majority()).isFalse();
    }

    @Test
    void theOnlyMemberIsAMajorityAndNoMemberIsNone() {
        var only = LiveMembers.of(List.of(member("a", false, open)));
        assertThat(only.majority()).isTrue();
        assertThat(only.text()).isEqualTo("its only member answers: a " + open);
        assertThat(LiveMembers.of(List.of()).majority()).isFalse();
    }
}
