package dev.otherix.backup.start;

import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.TakenPort;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Like Spring's own analyzer for a port in use, but it names our setting and the program that has the port, because
 * Spring's setting is refused.
 */
final class AddressInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> implements Ordered {

    private final Environment environment;

    AddressInUseAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        var taken = new TakenPort(cause.getPort());
        var holder = taken.holder();
        var listen = SettingsPropertySource.of((ConfigurableEnvironment) environment)
                .getSource()
                .bind(ApiProperties.class)
                .listen();
        return new FailureAnalysis(
                "Another program already listens on port " + cause.getPort()
                        + holder.map(who -> ": " + who).orElse("") + ".",
                (holder.isPresent() ? "Stop it" : "Stop it (" + taken.question() + " shows which one it is)")
                        + ", or set api.listen to another port, for example "
                        + new ListenAddress(listen.host(), taken.other()) + ".",
                cause);
    }
}
