package dev.otherix.backup.api;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that the server refuses before the application sees them: with the status alone, instead of Tomcat's
 * HTML page.
 */
final class BareRefusal extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() >= 400) {
            // an earlier valve of the same kind then writes nothing either
            response.setErrorReported();
        }
    }
}
