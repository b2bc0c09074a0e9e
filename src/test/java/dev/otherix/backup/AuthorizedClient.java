package dev.otherix.backup;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP client that shows a token with every request that brings none of its own. */
final class AuthorizedClient extends HttpClient {

    private static final String AUTHORIZATION = "Authorization";

    private final HttpClient plain;
    private final String token;

    AuthorizedClient(HttpClient plain, String token) {
        this.plain = plain;
        this.token = token;
    }

    /** The same without a token. */
    HttpClient plain() {
        return plain;
    }

    private HttpRequest authorized(HttpRequest request) {
        return request.headers().firstValue(AUTHORIZATION).isPresent()
                ? request
                : HttpRequest.newBuilder(request, (_, _) -> true)
                        .header(AUTHORIZATION, "Bearer " + token)
                        .build();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return plain.send(authorized(request), body);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        return plain.sendAsync(authorized(request), body);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> body, HttpResponse.PushPromiseHandler<T> pushes) {
        return plain.sendAsync(authorized(request), body, pushes);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return plain.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return plain.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return plain.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return plain.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return plain.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return plain.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return plain.authenticator();
    }

    @Override
    public Version version() {
        return plain.version();
    }

    @Override
    public Optional<Executor> executor() {
        return plain.executor();
    }

    @Override
    public void shutdownNow() {
        plain.shutdownNow();
    }

    @Override
    public void close() {
        plain.close();
    }
}
