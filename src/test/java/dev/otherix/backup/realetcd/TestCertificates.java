package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority of its own and what it signs, as PEM files in one directory (keys: PKCS#8, not encrypted).
 * All keys are on an elliptic curve. The JDK's keytool makes them, so each takes about a second.
 */
public final class TestCertificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final String curve;
    private final Path keyStore;

    /**
     * A certificate and its private key.
     *
     * @param certificate a PEM file with this certificate alone
     * @param key a PEM file, PKCS#8
     */
    public record Pair(Path certificate, Path key) {}

    private TestCertificates(Path directory, String curve) {
        this.directory = directory;
        this.curve = curve;
        this.keyStore = directory.resolve("authority.p12");
    }

    /**
     * Makes a new authority for TLS tests in a directory, which is made if need be. Two directories never trust each
     * other.
     */
    public static TestCertificates in(Path directory) {
        return authority(directory, "test-ca", "secp256r1");
    }

    static TestCertificates authority(Path directory, String commonName, String curve) {
        try {
            Files.createDirectories(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make " + directory, cause);
        }
        var made = new TestCertificates(directory, curve);
        made.generate(
                "ca",
                commonName,
                List.of("-ext", "bc:critical=ca:true", "-ext", "ku=keyCertSign,cRLSign", "-validity", "3650"));
        made.export("ca");
        return made;
    }

    /** The authority's certificate, for who shall trust what it signed. */
    public Path ca() {
        return directory.resolve("ca.crt");
    }

    /** The authority's certificate and key. */
    public Pair authority() {
        return new Pair(ca(), directory.resolve("ca.key"));
    }

    /** A certificate for a server on 127.0.0.1, ::1 and localhost, valid for a year. */
    public Pair server() {
        return issue("server", List.of("-validity", "365"));
    }

    /** A server certificate as {@link #server()}, which ended five days ago. */
    public Pair expiredServer() {
        return issue("expired-server", List.of("-startdate", "-10d", "-validity", "5"));
    }

    /** A certificate for a client of this name, valid for a year; etcd takes the name for the user's. */
    public Pair client(String commonName) {
        return issue(commonName, List.of("-validity", "365"));
    }

    private synchronized Pair issue(String name, List<String> validity) {
        var pair = new Pair(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
        if (Files.exists(pair.certificate())) {
            return pair;
        }
        var options = new ArrayList<String>(validity);
        // etcd uses its server certificate as a client too, for its own gateway
        options.addAll(
                List.of("-signer", "ca", "-ext", "ku:critical=digitalSignature", "-ext", "eku=serverAuth,clientAuth"));
        options.addAll(List.of("-ext", "san=ip:127.0.0.1,ip:::1,dns:localhost"));
        generate(name, name, options);
        export(name);
        return pair;
    }

    private void generate(String alias, String commonName, List<String> options) {
        var line = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                curve,
                "-alias",
                alias,
                "-dname",
                "CN=" + commonName,
                "-keystore",
                keyStore.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        line.addAll(options);
        Command.of(line.toArray(String[]::new)).output();
    }

    private void export(String alias) {
        try (var in = Files.newInputStream(keyStore)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            var key = store.getKey(alias, PASSWORD.toCharArray());
            var certificate = (X509Certificate) store.getCertificate(alias);
            PrivateFile.write(directory.resolve(alias + ".key"), pem("PRIVATE KEY", key.getEncoded()));
            Files.writeString(directory.resolve(alias + ".crt"), pem("CERTIFICATE", certificate.getEncoded()));
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot export " + alias + " from " + keyStore, cause);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("cannot export " + alias + " from " + keyStore, cause);
        }
    }

    private static String pem(String label, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
    }
}
