package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Why there was no answer of the store. */
record BrokenConnection(Code code, String words) {

    static BrokenConnection of(Throwable thrown, S3Place place) {
        var root = S3Failures.causes(thrown).reduce((_, deeper) -> deeper).orElse(thrown);
        if (has(thrown, CertificateExpiredException.class)) {
            return unavailable("the certificate of " + host(place) + " has expired (" + root.getMessage()
                    + "). Renew it there; if it has not, check the clock of this host");
        }
        if (has(thrown, CertificateNotYetValidException.class)) {
            return unavailable("the certificate of " + host(place) + " is not valid yet (" + root.getMessage()
                    + "). Check the clock of this host");
        }
        if (has(thrown, CertPathBuilderException.class) || said(thrown, "PKIX path")) {
            return unavailable("the certificate of " + host(place) + " is not signed by a CA that "
                    + (place.caFile() == null
                            ? "Java trusts. Name the file with its CA in offsite.s3.ca_file (or --ca-file)"
                            : "is in " + place.caFile() + ". Add its CA to that file"));
        }
        if (has(thrown, SSLPeerUnverifiedException.class) || said(thrown, "No subject alternative")) {
            return unavailable("the certificate of " + host(place) + " is for another host (" + root.getMessage()
                    + "). Correct the endpoint, or the certificate there");
        }
        if (has(thrown, SSLException.class)) {
            return unavailable("no TLS connection to " + host(place) + " (" + root.getMessage()
                    + "). Check that the endpoint is one of https");
        }
        if (has(thrown, UnknownHostException.class)) {
            return unavailable("DNS has no address for " + named(thrown, place)
                    + ". Check the endpoint and the DNS of this host"
                    + (place.usesPathStyle()
                            ? ""
                            : "; a store that is not Amazon's may need offsite.s3.path_style: true"));
        }
        if (has(thrown, S3Exchange.TooLong.class)) {
            return new BrokenConnection(
                    Code.REFUSED, root.getMessage() + ". Check that the endpoint is one of a store that speaks S3");
        }
        if (has(thrown, SocketTimeoutException.class)) {
            return unavailable(via(place) + " does not answer (" + root.getMessage() + "). Check the network to it");
        }
        if (has(thrown, ConnectException.class) || has(thrown, NoRouteToHostException.class)) {
            return unavailable(via(place) + " cannot be reached (" + root.getMessage()
                    + "). Check that it runs, and the endpoint");
        }
        if (has(thrown, IOException.class)) {
            return unavailable("the connection to " + via(place) + " was cut (" + root.getMessage() + ")"
                    + (isPlain(place) && !hasAnswered(thrown)
                            ? ". If it speaks TLS, write the endpoint with https"
                            : ""));
        }
        if (has(thrown, SdkClientException.class)) {
            return new BrokenConnection(Code.REFUSED, String.valueOf(root.getMessage()));
        }
        return new BrokenConnection(Code.REFUSED, root.getClass().getSimpleName() + ": " + root.getMessage());
    }

    private static BrokenConnection unavailable(String words) {
        return new BrokenConnection(Code.UNAVAILABLE, words);
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        return S3Failures.causes(thrown).anyMatch(type::isInstance);
    }

    private static boolean said(Throwable thrown, String words) {
        return S3Failures.causes(thrown)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains(words));
    }

    /** Whether it was cut in the middle of an answer in plain http. */
    private static boolean hasAnswered(Throwable thrown) {
        return said(thrown, "Premature end of ");
    }

    private static boolean isPlain(S3Place place) {
        return place.endpoint() != null && "http".equals(place.endpoint().getScheme());
    }

    private static String via(S3Place place) {
        return place.proxy() == null ? host(place) : "the proxy " + place.proxy();
    }

    private static String named(Throwable thrown, S3Place place) {
        return S3Failures.causes(thrown)
                .filter(UnknownHostException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .map(message -> message.replaceFirst(": .*", ""))
                .orElse(host(place));
    }

    private static String host(S3Place place) {
        return Optional.ofNullable(place.endpoint())
                .map(URI::getAuthority)
                .orElse("s3." + place.regionOrUsual() + ".amazonaws.com");
    }
}
