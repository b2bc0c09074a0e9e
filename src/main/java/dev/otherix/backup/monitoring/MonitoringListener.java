package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.ListenAddress;
import java.util.OptionalInt;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * The second listener, for kubelet and Prometheus, if {@code monitoring.listen} is set: plain HTTP, only the open
 * paths, health without details. It has its own threads, so that probes are answered while the API is busy.
 */
final class MonitoringListener
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>,
                ApplicationListener<WebServerInitializedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(MonitoringListener.class);

    private final @Nullable ListenAddress listen;
    private @Nullable Connector connector;

    MonitoringListener(MonitoringProperties settings) {
        this.listen = settings.listen();
    }

    /** The port that it listens on, once the web server has started; empty while it is off. */
    public OptionalInt port() {
        return connector == null ? OptionalInt.empty() : OptionalInt.of(connector.getLocalPort());
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (listen != null) {
            connector = new MonitoringConnector(listen);
            factory.addAdditionalConnectors(connector);
            factory.addEngineValves(new OpenPaths(connector));
        }
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (listen != null) {
            LOG.info("health and metrics also at http://{}", new ListenAddress(listen.host(), port().orElseThrow()));
        }
    }
}
