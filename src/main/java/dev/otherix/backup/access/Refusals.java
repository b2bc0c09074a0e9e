package dev.otherix.backup.access;

import dev.otherix.backup.audit.AuditedRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Answers refused requests: 401 without a valid token, 403 if its scope is not enough; both in the API's error
 * envelope.
 */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final String REALM = "Bearer realm=\"otherix-etcd-backup\"";

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException nobody)
            throws IOException {
        var refusal = AuditedRequest.of(request).refusal();
        if (refusal == null) {
            AuditedRequest.of(request).refused("no token");
            answer(response, 401, REALM, "unauthenticated", "this needs a token: send Authorization: Bearer TOKEN");
        } else {
            answer(response, 401, REALM + ", error=\"invalid_token\"", "unauthenticated", refusal);
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        var needed = needed(denied);
        var has = AuditedRequest.of(request).by();
        AuditedRequest.of(request).refused("needs scope " + needed);
        answer(
                response,
                403,
                REALM + ", error=\"insufficient_scope\", scope=\"" + needed + "\"",
                "permission_denied",
                "this needs a token of scope " + needed
                        + (has == null ? "" : "; that of " + has.name() + " is " + has.scope()));
    }

    private static String needed(AccessDeniedException denied) {
        return denied instanceof AuthorizationDeniedException because
                        && because.getAuthorizationResult() instanceof AuthorityAuthorizationDecision decision
                ? decision.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .collect(Collectors.joining(" "))
                : Rules.ALL_ELSE.word();
    }

    private void answer(HttpServletResponse response, int status, String challenge, String code, String message)
            throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
        new Problem(code, message).send(response, status);
    }
}
