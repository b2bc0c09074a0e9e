package dev.otherix.backup.api;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * What Tomcat is told beyond its properties: how it refuses what is broken, and that a body is read by controllers
 * only.
 */
final class WebServer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new UnreadBodies());
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new BareRefusal()));
        // a form in a body is nothing here, and would be read, however slowly it comes, by whoever asks for a parameter
        factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
    }
}
