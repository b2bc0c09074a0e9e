package dev.otherix.backup.api;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Settings of Tomcat that have no property: how it refuses broken requests, that only controllers read a body, and that
 * probes are answered first.
 */
final class WebServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    /** Of Tomcat's 200 threads, the rest is for probes. */
    private static final int MOST_OTHERS = 150;

    /** More than any number of scrapers needs; each may take a hundred kilobytes. */
    private static final int MOST_OPEN = 16;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new ProbesFirst(MOST_OPEN, MOST_OTHERS), new UnreadBodies());
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new BareRefusal()));
        // no path takes a form, and any access to a parameter would read one, however slowly it arrives
        factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
    }
}
