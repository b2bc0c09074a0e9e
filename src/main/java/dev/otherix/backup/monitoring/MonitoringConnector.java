package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.TakenPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/** Listens for plain HTTP at {@code monitoring.listen}; refuses that setting if it cannot. */
final class MonitoringConnector extends Connector {

    private static final int MOST_CONNECTIONS = 200;
    private static final int SEND_BUFFER = 128 << 10;
    private static final int SLOWEST_MILLIS = 10_000;

    private final ListenAddress listen;

    MonitoringConnector(ListenAddress listen) {
        this(listen, new Http11NioProtocol());
    }

    private MonitoringConnector(ListenAddress listen, Http11NioProtocol protocol) {
        super(protocol);
        this.listen = listen;
        var address = address();
        requireFree(address);
        protocol.setAddress(address);
        protocol.setPort(listen.port());
        // a client that does not read holds no thread of the system; nothing that is answered here waits for a disk
        protocol.setExecutor(new VirtualThreadExecutor("monitoring-"));
        protocol.setMaxConnections(MOST_CONNECTIONS);
        protocol.setConnectionTimeout(SLOWEST_MILLIS);
        // nothing here reads a body, so do not wait for one
        protocol.setMaxSwallowSize(0);
        // what the system keeps for a client that does not read: a few answers, and not megabytes
        protocol.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER));
        setThrowOnFailure(true);
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(listen.host());
        } catch (UnknownHostException unknown) {
            throw refused("has a host that this machine does not know", unknown);
        }
    }

    /**
     * Now, not when it starts: the API listens by then, and a start that fails during the API's first request never
     * ends.
     */
    private void requireFree(InetAddress address) {
        try (var attempt = new ServerSocket()) {
            attempt.setReuseAddress(true);
            attempt.bind(new InetSocketAddress(address, listen.port()));
        } catch (IOException taken) {
            throw refused("cannot be listened on: " + taken.getMessage(), taken);
        }
    }

    @Override
    protected void startInternal() throws LifecycleException {
        try {
            super.startInternal();
        } catch (LifecycleException failed) {
            Throwable root = failed;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw refused("cannot be listened on: " + root.getMessage(), failed);
        }
    }

    private InvalidSetting refused(String problem, Exception why) {
        var taken = new TakenPort(listen.port());
        var stop = taken.holder()
                .map(who -> "Stop " + who + ", or write")
                .orElseGet(() -> taken.isTaken()
                        ? "Stop the program that listens there (" + taken.question()
                                + " shows which one it is), or write"
                        : "Write");
        var refused = new InvalidSetting(
                "monitoring.listen",
                listen,
                problem,
                stop + " a free address of this machine, for example 127.0.0.1:" + taken.other() + ", or off.");
        // not as the cause: Spring would treat it as a failure of the API's listener
        refused.addSuppressed(why);
        return refused;
    }
}
