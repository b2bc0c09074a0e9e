package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keys as openssl writes them, and certificates for them by an authority of the tests.
 *
 * @param directory where they are written
 */
public record OpensslKeys(Path directory) {

    /** The arguments that make a key of each form that operators have, by its name. */
    public enum Form {
        RSA_PKCS8("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        RSA_PKCS1("genrsa -traditional 2048"),
        EC_PKCS8("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
        EC_SEC1_WITH_PARAMETERS("ecparam -name prime256v1 -genkey"),
        EC_SEC1("ecparam -name prime256v1 -genkey -noout"),
        ED25519("genpkey -algorithm ed25519");

        private final List<String> arguments;

        Form(String arguments) {
            this.arguments = List.of(arguments.split(" "));
        }
    }

    /** A new key, which only its owner may read. */
    public Path key(Form form) {
        return run(form.name() + ".key", form.arguments);
    }

    /** A new key as this openssl command makes it. */
    public Path key(String name, String... command) {
        return run(name, List.of(command));
    }

    /** The same key by another openssl command, such as {@code pkey -aes256}. */
    public Path rewritten(Path key, String name, String... command) {
        return run(
                name,
                Stream.concat(Stream.of(command), Stream.of("-in", key.toString()))
                        .toList());
    }

    /** A certificate of {@code authority} for this key, for a client of this name or a server on 127.0.0.1. */
    public TestCertificates.Pair certified(Path key, String commonName, TestCertificates authority) {
        var request = run(
                key.getFileName() + ".csr",
                List.of(
                        "req",
                        "-new",
                        "-key",
                        key.toString(),
                        "-subj",
                        "/CN=" + commonName,
                        "-addext",
                        "subjectAltName=IP:127.0.0.1,DNS:localhost"));
        var certificate = run(
                key.getFileName() + ".crt",
                List.of(
                        "x509",
                        "-req",
                        "-in",
                        request.toString(),
                        "-days",
                        "30",
                        "-copy_extensions",
                        "copy",
                        "-CA",
                        authority.ca().toString(),
                        "-CAkey",
                        authority.authority().key().toString()));
        return new TestCertificates.Pair(certificate, key);
    }

    private Path run(String name, List<String> arguments) {
        var out = directory.resolve(name);
        Command.of(Stream.of(
                                List.of("openssl"),
                                arguments.subList(0, 1),
                                List.of("-out", out.toString()),
                                arguments.subList(1, arguments.size()))
                        .flatMap(List::stream)
                        .toArray(String[]::new))
                .output();
        try {
            Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        return out;
    }
}
