package dev.otherix.backup.api;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the server refuses before the application sees it: with the status alone, where Tomcat would write a
 * page of HTML.
 */
final class BareRefusal extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        if (response.getStatus() >= 400) {
            // a valve of the same kind that stands before this one then writes nothing either
            response.setErrorReported();
        }
    }
}
