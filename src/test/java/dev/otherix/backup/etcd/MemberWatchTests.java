package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemberWatchTests {

    @Test
    void closingEndsALookAtAMemberThatSaysNothing() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            var watch = new MemberWatch(new EtcdMember(new EtcdProperties(
                    URI.create("http://127.0.0.1:" + silent.getLocalPort()), null, null, null, null, null)));
            var interruptedAfterwards = new CompletableFuture<Boolean>();
            var looking = Thread.ofPlatform().daemon().start(() -> {
                watch.look();
                interruptedAfterwards.complete(Thread.interrupted());
            });
            await().until(() ->
                    looking.getState() == Thread.State.WAITING || looking.getState() == Thread.State.TIMED_WAITING);
            var began = System.nanoTime();

            watch.close();

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            assertThat(interruptedAfterwards.orTimeout(5, TimeUnit.SECONDS).join())
                    .isFalse();
            watch.look();
            assertThat(watch.last().orElseThrow().reachable()).isFalse();
        }
    }
}
