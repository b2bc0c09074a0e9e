package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.UNAUTHENTICATED;

import dev.otherix.backup.config.UnreadableFile;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Adds the token of the last login to every call. An unused token expires after five minutes by default. */
final class Login implements ClientInterceptor {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private volatile @Nullable String token;

    /** Reads the password and makes the login request; one line end after the password is dropped. */
    static AuthenticateRequest request(String username, Path passwordFile) {
        try {
            var password = Files.readString(passwordFile).replaceFirst("\\r?\\n\\z", "");
            return AuthenticateRequest.newBuilder()
                    .setName(username)
                    .setPassword(password)
                    .build();
        } catch (IOException failure) {
            var why = UnreadableFile.of(passwordFile, failure);
            throw new EtcdFailure(
                    UNAUTHENTICATED,
                    "no login to etcd: etcd.password_file " + why.inGeneral(),
                    "no login to etcd: etcd.password_file = " + passwordFile + " " + why.problem() + ". " + why.fix(),
                    failure);
        }
    }

    void accept(String newToken) {
        token = newToken;
    }

    boolean hasToken() {
        return token != null;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                var current = token;
                if (current != null) {
                    headers.put(TOKEN, current);
                }
                super.start(listener, headers);
            }
        };
    }
}
