package dev.otherix.backup.access;

import dev.otherix.backup.audit.AuditedRequest;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Identifies the caller of a request by its bearer token. With a token that is not accepted, the request has no caller;
 * later rules decide whether that is enough. The reason is kept for the answer.
 */
final class BearerTokens extends OncePerRequestFilter {

    private static final String SCHEME = "bearer ";

    private final Tokens tokens;

    BearerTokens(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (!headers.isEmpty()) {
            identify(request, headers);
        }
        chain.doFilter(request, response);
    }

    private void identify(HttpServletRequest request, List<String> headers) {
        var audited = AuditedRequest.of(request);
        var presented = presented(headers);
        if (presented.isEmpty()) {
            audited.refused(problem(headers));
            return;
        }
        switch (tokens.check(presented.get())) {
            case Tokens.Verdict.Known(Token token) -> {
                audited.by(new AuditedRequest.Caller(token.name(), token.scope().word()));
                SecurityContextHolder.getContext().setAuthentication(authentication(token));
            }
            case Tokens.Verdict.Expired(Token token) ->
                audited.refused("the token " + token.name() + " expired at " + token.expiresAt());
            case Tokens.Verdict.Unknown() -> audited.refused("the token is not known");
        }
    }

    /** Why they hold no token. Never quotes the header, which may hold a secret. */
    private static String problem(List<String> headers) {
        if (headers.size() > 1) {
            return "there is more than one Authorization header";
        }
        var header = headers.getFirst().strip();
        var wanted = "the Authorization header must be Bearer TOKEN";
        if (header.equalsIgnoreCase(SCHEME.strip())) {
            return wanted + "; here the token is empty";
        }
        return header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? wanted + "; a token has 20 to 512 visible characters and no space"
                : wanted;
    }

    private static Optional<String> presented(List<String> headers) {
        var header = headers.getFirst();
        if (headers.size() > 1 || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        return Optional.of(header.substring(SCHEME.length()).strip()).filter(TokenText::isPossible);
    }

    private static PreAuthenticatedAuthenticationToken authentication(Token token) {
        return new PreAuthenticatedAuthenticationToken(
                token.name(),
                "",
                token.scope().included().stream()
                        .map(scope -> new SimpleGrantedAuthority(scope.word()))
                        .toList());
    }
}
