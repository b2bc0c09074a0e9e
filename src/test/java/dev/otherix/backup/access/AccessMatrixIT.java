package dev.otherix.backup.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation of the OpenAPI document with every kind of token: what the document says is what the service does. No
 * etcd is needed: what is let in may fail then.
 */
class AccessMatrixIT {

    private static final String NOWHERE = "http://127.0.0.1:9";
    private static final JsonNode DOCUMENT = new JsonMapper()
            .readTree(Objects.requireNonNull(AccessMatrixIT.class.getResourceAsStream("/static/v1/openapi.json")));
    /** By scope. */
    private static final Map<String, String> TOKENS = new LinkedHashMap<>();

    private static final String EXPIRED = TokenText.random();

    @TempDir
    private static Path temporary;

    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        var file = new StringBuilder(
                "tokens:\n  - name: former\n    scope: admin\n    expires_at: 2026-01-01T00:00:00Z\n    sha256: "
                        + TokenText.sha256(EXPIRED) + "\n");
        for (var scope : Scope.values()) {
            var made = NewToken.make("with-" + scope.word(), scope, null);
            TOKENS.put(scope.word(), made.text());
            file.append(made.entry());
        }
        service = RunningService.start(
                NOWHERE,
                temporary.resolve("snapshots"),
                "--api.tokens_file=" + PrivateFile.write(temporary.resolve("tokens.yaml"), file.toString()));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** @param scope what the document says that it needs; null = it is open */
    record Operation(String method, String path, @Nullable String scope) {

        String target() {
            return path.replace("{name}", "latest").replace("{id}", "nothing").replace("{target}", "s3");
        }
    }

    static List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        DOCUMENT.get("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, operation) -> {
                    var security = operation.get("security");
                    assertThat(security).as("security of %s %s", method, path).isNotNull();
                    var scope = security.isEmpty()
                            ? null
                            : security.get(0).get("token").get(0).asString();
                    operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, scope));
                    if (method.equals("get")) {
                        operations.add(new Operation("HEAD", path, scope));
                    }
                }));
        assertThat(operations).hasSizeGreaterThan(15);
        return operations;
    }

    @ParameterizedTest
    @MethodSource("operations")
    void onlyWhoMayIsLetIn(Operation operation) {
        for (var authorization : Stream.of(
                        null,
                        "Bearer " + EXPIRED,
                        "Bearer " + TokenText.random(),
                        "Bearer x",
                        "Basic YTpi",
                        "Bearer",
                        TOKENS.get("admin"))
                .toList()) {
            var answer = ask(operation.method(), operation.target(), authorization);
            if (operation.scope() == null) {
                assertThat(answer.statusCode()).as("%s", answer).isEqualTo(200);
            } else {
                assertRefused(answer, 401, "unauthenticated");
                assertThat(answer.headers().firstValue("WWW-Authenticate"))
                        .hasValueSatisfying(challenge -> assertThat(challenge)
                                .startsWith("Bearer realm=")
                                .matches(one -> one.contains("invalid_token") == (authorization != null)));
            }
        }
        TOKENS.forEach((scope, token) -> {
            var answer = ask(operation.method(), operation.target(), "Bearer " + token);
            if (operation.scope() == null
                    || Scope.of(scope)
                            .orElseThrow()
                            .included()
                            .contains(Scope.of(operation.scope()).orElseThrow())) {
                assertThat(answer.statusCode()).as("%s with %s", answer, scope).isNotIn(401, 403);
            } else {
                assertRefused(answer, 403, "permission_denied");
                assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                        .contains("insufficient_scope", "scope=\"" + operation.scope() + "\"");
            }
        });
    }

    @Test
    void everyPathThatIsMappedIsInTheDocumentOrAsksForTheMost() {
        var documented = new TreeSet<>(DOCUMENT.get("paths").propertyNames());
        var mapped = service
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .filter(path -> !path.equals("/error"))
                .toList();
        assertThat(documented).containsAll(mapped);
        var scoped = Rules.SCOPED.stream()
                .map(rule -> rule.path())
                .filter(path -> !path.startsWith("/actuator"))
                .toList();
        assertThat(documented).as("no rule for a path that is not there").containsAll(scoped);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/",
                "/v1/nothing",
                "/v1/snapshots/",
                "/actuator",
                "/actuator/info",
                "/actuator/env",
                "/actuator/beans",
                "/actuator/heapdump",
                "/actuator/sbom",
                "/actuator/loggers",
                "/actuator/metrics",
                "/actuator/health/livenessState",
                "/actuator/health/liveness/livenessState",
                "/error",
                "/healthz/",
                "/HEALTHZ",
                "/static/v1/openapi.json",
                "/login",
                "/logout"
            })
    void allElseIsClosed(String path) {
        for (var method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")) {
            assertRefused(ask(method, path, null), 401, "unauthenticated");
        }
        if (!path.equals("/actuator/info")) {
            assertRefused(ask("GET", path, "Bearer " + TOKENS.get("operate")), 403, "permission_denied");
        }
    }

    @Test
    void otherMethodsOfOpenPathsAreClosed() {
        for (var path : Rules.OPEN) {
            // what others of these tests asked for fails without an etcd, which makes health DOWN
            assertThat(ask("GET", path, null).statusCode())
                    .as(path)
                    .isIn(200, path.startsWith("/actuator/health") ? 503 : 200);
            for (var method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
                assertRefused(ask(method, path, null), 401, "unauthenticated");
            }
        }
    }

    @Test
    void detailsOfHealthAreForWhoHasAToken() {
        for (var wrong : Stream.of(null, "Bearer " + EXPIRED, "Bearer " + TokenText.random())
                .toList()) {
            assertThat(ask("GET", "/actuator/health/backup", wrong).body())
                    .matches("\\{\"status\":\"(UNKNOWN|DOWN)\"}");
            assertThat(ask("GET", "/actuator/health", wrong).body())
                    .contains("backup")
                    .doesNotContain("reason", temporary.toString());
        }
        assertThat(ask("GET", "/actuator/health/backup", "bearer   " + TOKENS.get("read"))
                        .body())
                .contains("reason", temporary.toString());
    }

    @Test
    void twoAuthorizationHeadersAreNone() {
        var request = HttpRequest.newBuilder(service.url("/v1/status"))
                .header("Authorization", "Bearer " + TOKENS.get("read"))
                .header("Authorization", "Bearer " + TOKENS.get("admin"))
                .build();
        assertRefused(service.sendAsItIs(request), 401, "unauthenticated");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Bearer          | the Authorization header must be Bearer TOKEN; here the token is empty
            'Bearer '       | the Authorization header must be Bearer TOKEN; here the token is empty
            Bearer short    | the Authorization header must be Bearer TOKEN; a token has 20 to 512 visible characters and no space
            Basic cm9vdDpw  | the Authorization header must be Bearer TOKEN
            token           | the Authorization header must be Bearer TOKEN
            """)
    void aHeaderWithoutATokenIsToldWhatIsMissing(String authorization, String message) {
        var answer = ask("GET", "/v1/status", authorization);
        assertRefused(answer, 401, "unauthenticated");
        assertThat(RunningService.json(answer).at("/error/message").asString()).isEqualTo(message);
    }

    @Test
    void noCookieNoSessionNoForm() {
        var refused = ask("GET", "/v1/status", null);
        assertThat(refused.headers().map()).doesNotContainKeys("Set-Cookie", "set-cookie", "Location", "location");
        assertThat(ask("POST", "/v1/snapshots?wait=0", "Bearer " + TOKENS.get("operate"))
                        .statusCode())
                .as("no CSRF token is asked for")
                .isEqualTo(202);
    }

    private static HttpResponse<String> ask(String method, String path, @Nullable String authorization) {
        var request = HttpRequest.newBuilder(service.url(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return service.sendAsItIs(request.build());
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as("%s", answer).isEqualTo(status);
        assertThat(answer.headers().firstValue("X-Request-ID")).isPresent();
        if (!answer.request().method().equals("HEAD")) {
            assertThat(RunningService.json(answer).at("/error/code").asString()).isEqualTo(code);
        }
    }
}
