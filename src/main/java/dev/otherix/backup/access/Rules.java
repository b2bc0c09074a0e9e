package dev.otherix.backup.access;

import java.util.List;
import java.util.Set;
import org.springframework.http.HttpMethod;

/**
 * The scope that each path needs, in one table. A path that is not in it needs the highest scope, so that a forgotten
 * path stays closed.
 */
public final class Rules {

    /** The only paths that need no token, on the API's listener and on the monitoring listener. */
    public static final Set<String> OPEN = Set.of(
            "/healthz",
            "/readyz",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/actuator/health/backup",
            "/actuator/prometheus");

    static final Scope ALL_ELSE = Scope.ADMIN;

    static final List<Rule> SCOPED = List.of(
            new Rule(HttpMethod.GET, "/v1/snapshots", Scope.READ),
            new Rule(HttpMethod.POST, "/v1/snapshots", Scope.OPERATE),
            new Rule(HttpMethod.DELETE, "/v1/snapshots", Scope.ADMIN),
            new Rule(HttpMethod.GET, "/v1/snapshots/{name}", Scope.READ),
            new Rule(HttpMethod.PATCH, "/v1/snapshots/{name}", Scope.OPERATE),
            new Rule(HttpMethod.DELETE, "/v1/snapshots/{name}", Scope.ADMIN),
            new Rule(HttpMethod.GET, "/v1/snapshots/{name}/content", Scope.ADMIN),
            new Rule(HttpMethod.POST, "/v1/snapshots/{name}/verify", Scope.OPERATE),
            new Rule(HttpMethod.POST, "/v1/snapshots/{name}/drill", Scope.OPERATE),
            new Rule(HttpMethod.POST, "/v1/snapshots/{name}/copy", Scope.OPERATE),
            new Rule(HttpMethod.DELETE, "/v1/snapshots/{name}/copies/{target}", Scope.ADMIN),
            new Rule(HttpMethod.POST, "/v1/audit/undo", Scope.OPERATE),
            new Rule(HttpMethod.GET, "/v1/tasks", Scope.READ),
            new Rule(HttpMethod.GET, "/v1/tasks/{id}", Scope.READ),
            new Rule(HttpMethod.GET, "/v1/status", Scope.READ),
            new Rule(HttpMethod.GET, "/v1/openapi.json", Scope.READ),
            new Rule(HttpMethod.GET, "/actuator/info", Scope.READ));

    private Rules() {}

    /** @param scope the scope that a token needs; HEAD needs the same as GET */
    record Rule(HttpMethod method, String path, Scope scope) {

        List<HttpMethod> methods() {
            return methods(method);
        }

        static List<HttpMethod> methods(HttpMethod method) {
            return method == HttpMethod.GET ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
        }
    }
}
