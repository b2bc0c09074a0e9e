package dev.otherix.backup.realstores;

import dev.otherix.backup.realetcd.ReservedPort;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The gateway of a small Ceph cluster in memory: old, lax, of another family. {@code CEPH_RGW} is the command that runs
 * one. It takes seconds to start, so tests share {@link #shared()}.
 */
public final class CephGateway implements S3Server {

    private static final String VARIABLE = "CEPH_RGW";
    private static final String ACCESS = "testkey";
    private static final String SECRET = "testsecret1234";
    private static final int PORTS = 3;
    private static final int ATTEMPTS = 100;

    private final List<ReservedPort> ports;
    private final StoreProcess process;

    private CephGateway(List<ReservedPort> ports, StoreProcess process) {
        this.ports = ports;
        this.process = process;
    }

    /** Why none can be started here; empty if one can. */
    static Optional<String> missing() {
        var command = System.getenv(VARIABLE);
        return command != null && !command.isBlank()
                ? Optional.empty()
                : Optional.of("needs Ceph's gateway: " + VARIABLE + " does not name the command that runs one");
    }

    /** The one of this JVM, which ends with it. */
    public static CephGateway shared() {
        return Shared.GATEWAY;
    }

    private static CephGateway start() {
        var ports = Stream.generate(CephGateway::row)
                .limit(ATTEMPTS)
                .filter(row -> row.size() == PORTS)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no three free ports in a row"));
        var directory = StoreProcess.directory("ceph");
        var command = Stream.concat(
                Stream.of(System.getenv(VARIABLE).strip().split("\\s+")),
                Stream.of(
                        directory.resolve("cluster").toString(),
                        String.valueOf(ports.getFirst().number()),
                        ACCESS,
                        SECRET));
        var process = StoreProcess.start(directory, command.toList());
        process.awaitLine("ready");
        return new CephGateway(ports, process);
    }

    /** Three ports in a row; fewer, which are free again, if one is taken. */
    private static List<ReservedPort> row() {
        var first = ThreadLocalRandom.current().nextInt(20_000, 32_000);
        var row = IntStream.range(first, first + PORTS)
                .mapToObj(ReservedPort::takeExactly)
                .flatMap(Optional::stream)
                .toList();
        if (row.size() < PORTS) {
            row.forEach(ReservedPort::close);
        }
        return row;
    }

    @Override
    public URI endpoint() {
        return URI.create(ports.getFirst().url("http"));
    }

    @Override
    public String accessKey() {
        return ACCESS;
    }

    @Override
    public String secretKey() {
        return SECRET;
    }

    @Override
    public String region() {
        return "us-east-1";
    }

    @Override
    public void close() {
        process.close();
        ports.forEach(ReservedPort::close);
    }

    private static final class Shared {

        static final CephGateway GATEWAY = start();
    }
}
