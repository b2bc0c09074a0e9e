package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TakenPortTests {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "::"})
    void theProcessThatListensIsNamed(String host) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(host))) {
            assertThat(new TakenPort(socket.getLocalPort()).isTaken()).isTrue();
            assertThat(new TakenPort(socket.getLocalPort()).holder())
                    .hasValue("java (process " + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void whereNobodyListensNobodyIsNamed() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        assertThat(new TakenPort(port).isTaken()).isFalse();
        assertThat(new TakenPort(port).holder()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8080, 8090, 8091, 8092, 2379})
    void thePortThatIsProposedIsNobodysDefault(int port) {
        assertThat(new TakenPort(port).other())
                .isGreaterThan(1024)
                .isNotEqualTo(port)
                .isNotIn(2379, 2380, 8080, 8090, 8091, 8443, 9443);
    }

    @Test
    void whatIsTakenIsNotProposed() throws IOException {
        var first = new TakenPort(8090).other();
        try (var socket = new ServerSocket(first, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(new TakenPort(8090).other()).isGreaterThan(socket.getLocalPort());
        }
    }
}
