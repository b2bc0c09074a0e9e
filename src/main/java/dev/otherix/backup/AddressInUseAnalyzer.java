package dev.otherix.backup;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;

/** As Spring's own for a port that is taken, but naming our setting: that of Spring is refused. */
final class AddressInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> implements Ordered {

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        return new FailureAnalysis("Another program listens on port " + cause.getPort() + " already.",
                "Stop it, or set api.listen to another port, for example 127.0.0.1:" + (cause.getPort() % 65535 + 1) + ".", cause);
    }
}
