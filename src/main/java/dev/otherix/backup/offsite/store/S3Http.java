package dev.otherix.backup.offsite.store;

import java.io.IOException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Leads each request and its answer through the {@link S3Exchange} of the call that makes it. */
final class S3Http implements SdkHttpClient {

    private final SdkHttpClient client;

    S3Http(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        var exchange = S3Exchange.CURRENT.get();
        var body = request.contentStreamProvider();
        var counted = request.httpRequest().method() == SdkHttpMethod.PUT && body.isPresent();
        var prepared = client.prepareRequest(
                counted
                        ? HttpExecuteRequest.builder()
                                .request(request.httpRequest())
                                .contentStreamProvider(
                                        () -> exchange.sending(body.get().newStream()))
                                .build()
                        : request);
        return new ExecutableHttpRequest() {

            @Override
            public HttpExecuteResponse call() throws IOException {
                exchange.begins(prepared);
                return through(exchange, prepared.call());
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private static HttpExecuteResponse through(S3Exchange exchange, HttpExecuteResponse response) {
        exchange.progress().moved();
        var bounded = HttpExecuteResponse.builder().response(response.httpResponse());
        response.responseBody()
                .ifPresent(body -> bounded.responseBody(AbortableInputStream.create(
                        exchange.answer(body, !response.httpResponse().isSuccessful()), body)));
        return bounded.build();
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
