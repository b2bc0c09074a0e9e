package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One etcd member as a process of this machine, on loopback ports of its own. Its log and, unless told otherwise, its
 * data are in a temporary directory that {@link #close()} removes. Dies with this JVM when the JVM ends orderly. Not
 * thread-safe.
 */
public final class EtcdProcess implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final int PORT_ATTEMPTS = 5;

    private final EtcdSettings settings;
    private final MemberPorts ports;
    private List<String> clusterFlags;
    private final Path workDir;
    private final Path dataDir;
    private final Path log;
    private final List<String> clientFlags = new ArrayList<>();
    private @Nullable Process process;
    private @Nullable Thread shutdownHook;
    private boolean paused;

    EtcdProcess(EtcdSettings settings, MemberPorts ports, List<String> clusterFlags) {
        this.settings = settings;
        this.ports = ports;
        this.clusterFlags = List.copyOf(clusterFlags);
        try {
            this.workDir = Files.createTempDirectory("etcd-" + settings.name() + "-");
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make a directory for etcd", cause);
        }
        this.dataDir = settings.dataDir() == null ? workDir.resolve("data") : settings.dataDir();
        this.log = workDir.resolve("etcd.log");
        this.clientFlags.addAll(settings.clientFlags());
    }

    /** Starts a single member and waits until it answers. */
    public static EtcdProcess start(EtcdHome home, String... flags) {
        return builder(home).flags(flags).start();
    }

    /** A member with more to say about it than flags. */
    public static Builder builder(EtcdHome home) {
        return new Builder(home);
    }

    /** Where this member takes clients, such as {@code http://127.0.0.1:23456}. */
    public String clientUrl() {
        return ports.client().url(settings.scheme());
    }

    /** Where this member takes its peers. */
    public String peerUrl() {
        return ports.peer().url("http");
    }

    /** The member's name in its cluster. */
    public String name() {
        return settings.name();
    }

    /** The programs that it runs. */
    public EtcdHome home() {
        return settings.home();
    }

    /** The member's data directory. */
    public Path dataDir() {
        return dataDir;
    }

    /** The file that holds what the server printed, over all its starts. */
    public Path log() {
        return log;
    }

    /** The process id of the running server. */
    public long pid() {
        return running().pid();
    }

    /** Whether the server's process lives; a paused one does. */
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Stops the server in its tracks (SIGSTOP): connections stay open, nothing answers. */
    public void pause() {
        signal("STOP");
        paused = true;
        Awaitility.await().until(this::allThreadsStopped);
    }

    /** A thread that runs on another processor when the signal comes may still answer a question. */
    private boolean allThreadsStopped() throws IOException {
        try (var threads = Files.newDirectoryStream(Path.of("/proc", String.valueOf(pid()), "task"))) {
            for (var thread : threads) {
                if (!Files.readString(thread.resolve("stat"))
                        .replaceFirst(".*\\) ", "")
                        .startsWith("T")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Lets a paused server go on (SIGCONT). */
    public void resume() {
        signal("CONT");
        paused = false;
    }

    /** Ends the server at once (SIGKILL) and waits until it is gone; does nothing when it is. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process);
        }
    }

    /** Asks the server to end (SIGTERM) and waits until it is gone; does nothing when it is. */
    public void terminate() {
        if (isRunning()) {
            if (paused) {
                resume();
            }
            running().destroy();
            awaitEnd(running());
        }
    }

    /** Ends the server if it runs, starts it again on the same ports and data, and waits until it answers. */
    public void restart() {
        terminate();
        launch();
        awaitAnswer();
    }

    /** As {@link #restart()}, for a member that cannot answer because its cluster has no quorum. */
    public void restartWithoutWaiting() {
        terminate();
        launch();
    }

    /**
     * Runs etcdctl against this member, as the user that this member's clients are.
     *
     * @return standard output
     * @throws IllegalStateException with what etcdctl printed, when it fails
     */
    public String etcdctl(String... args) {
        return client(Duration.ofMinutes(3), args).output();
    }

    /** What this member says about itself. */
    public EtcdStatus status() {
        return EtcdStatus.parse(etcdctl("endpoint", "status", "-w", "json"));
    }

    /** Makes the user root with this password, demands users from now on, and runs {@link #etcdctl} as root. */
    public void enableAuth(String rootPassword) {
        etcdctl("user", "add", "root:" + rootPassword);
        if (home().line().equals("3.4")) {
            etcdctl("role", "add", "root");
        }
        etcdctl("user", "grant-role", "root", "root");
        etcdctl("auth", "enable");
        clientFlags.add("--user=root:" + rootPassword);
    }

    /** What the server's log says that is no routine, for a message. */
    public String logReason() {
        return new EtcdLog(log).reason();
    }

    /** Kills the server, frees its ports and removes its temporary directory. */
    @Override
    public void close() {
        kill();
        ports.close();
        deleteWorkDir();
    }

    /** What it is told about the other members; read by the server only where it finds no data. */
    void setClusterFlags(List<String> flags) {
        clusterFlags = List.copyOf(flags);
    }

    void launch() {
        if (isRunning()) {
            throw new IllegalStateException(name() + " already runs as process " + pid());
        }
        try {
            Files.writeString(log, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            var builder = new ProcessBuilder(serverLine())
                    .directory(workDir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Command.setEnvironment(builder, Map.of());
            var started = builder.start();
            var hook = new Thread(() -> {
                started.destroyForcibly();
                started.onExit().orTimeout(5, TimeUnit.SECONDS).join();
                deleteWorkDir();
            });
            Runtime.getRuntime().addShutdownHook(hook);
            process = started;
            shutdownHook = hook;
            paused = false;
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start " + home().etcd(), cause);
        }
    }

    /** @throws PortInUseException when the server ended because another program had taken its port */
    void awaitAnswer() {
        var deadline = System.nanoTime() + settings.startTimeout().toNanos();
        var last = new Command.Result(-1, "", "not asked yet");
        while (System.nanoTime() - deadline < 0) {
            if (!isRunning()) {
                failBecauseItEnded();
            }
            // a member without quorum and a learner tell their status, and nothing else
            var question = settings.answersAlone() ? "health" : "status";
            last = client(Duration.ofSeconds(10), "--dial-timeout=1s", "--command-timeout=2s", "endpoint", question)
                    .run();
            // one with an alarm answers, and is called unhealthy for the alarm
            if (last.exitCode() == 0 || last.errors().contains("Active Alarm(s)")) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new IllegalStateException("%s of %s gave no answer within %s: %s\n%s"
                .formatted(name(), home(), settings.startTimeout(), last.errors(), logReason()));
    }

    private void failBecauseItEnded() {
        var reason = logReason();
        var message = "%s of %s ended at start:\n%s".formatted(name(), home(), reason);
        throw reason.contains("address already in use")
                ? new PortInUseException(message)
                : new IllegalStateException(message);
    }

    private List<String> serverLine() {
        var line = new ArrayList<String>(List.of(
                home().etcd().toString(),
                "--name=" + name(),
                "--data-dir=" + dataDir,
                "--listen-client-urls=" + clientUrl(),
                "--advertise-client-urls=" + clientUrl(),
                "--listen-peer-urls=" + peerUrl(),
                "--initial-advertise-peer-urls=" + peerUrl()));
        line.addAll(clusterFlags);
        line.addAll(settings.serverFlags());
        return line;
    }

    private Command client(Duration timeout, String... args) {
        var line = new ArrayList<String>(List.of(home().etcdctl().toString(), "--endpoints=" + clientUrl()));
        line.addAll(clientFlags);
        line.addAll(List.of(args));
        // 3.4 still speaks the old protocol unless told; later ones warn about the variable
        Map<String, String> environment = home().line().equals("3.4") ? Map.of("ETCDCTL_API", "3") : Map.of();
        return new Command(line, environment, timeout);
    }

    private void signal(String name) {
        // the shell's own kill: a small image has no program of that name
        Command.of("sh", "-c", "kill -" + name + " " + pid()).output();
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(name() + " does not run:\n" + logReason());
        }
        return process;
    }

    private void awaitEnd(Process ending) {
        try {
            if (!ending.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "%s did not end within %s:\n%s".formatted(name(), STOP_TIMEOUT, logReason()));
            }
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of " + name(), cause);
        }
        if (shutdownHook != null) {
            removeHook(shutdownHook);
            shutdownHook = null;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException theJvmEnds) {
            // then the hook runs, and finds nothing to do
        }
    }

    private void deleteWorkDir() {
        try {
            HomeCache.deleteTree(workDir);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + workDir, cause);
        }
    }

    /** Says what a member shall be. */
    public static final class Builder {

        private final EtcdHome home;
        private final List<String> flags = new ArrayList<>();
        private String name = "default";
        private @Nullable Path dataDir;
        private final List<String> clientFlags = new ArrayList<>();
        private String scheme = "http";
        private Duration startTimeout = Duration.ofMinutes(3);

        private Builder(EtcdHome home) {
            this.home = home;
        }

        /** Flags of the server, such as {@code --quota-backend-bytes=16777216}; the last of two wins. */
        public Builder flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /** The member's name; {@code default} if not said. */
        public Builder name(String memberName) {
            name = memberName;
            return this;
        }

        /** Data to start with, such as a restored directory; {@link EtcdProcess#close()} leaves it where it is. */
        public Builder dataDir(Path directory) {
            dataDir = directory;
            return this;
        }

        /** How long the start may take; a minute if not said. */
        public Builder startTimeout(Duration timeout) {
            startTimeout = timeout;
            return this;
        }

        /** Takes clients by TLS only, with {@link TestCertificates#server()}. */
        public Builder tls(TestCertificates certificates) {
            return tls(certificates, certificates.server());
        }

        /**
         * Takes clients by TLS only, with this certificate, which may be a bad one: etcdctl does not look at it then.
         */
        public Builder tls(TestCertificates certificates, TestCertificates.Pair server) {
            scheme = "https";
            flags("--cert-file=" + server.certificate(), "--key-file=" + server.key());
            clientFlags.add("--cacert=" + certificates.ca());
            if (!server.equals(certificates.server())) {
                // 3.5 takes this flag to heart only beside an authority or a certificate
                clientFlags.add("--insecure-skip-tls-verify");
            }
            return this;
        }

        /** As {@link #tls(TestCertificates)}, and refuses a client without a certificate of the same authority. */
        public Builder mutualTls(TestCertificates certificates) {
            var client = certificates.client("etcdctl");
            flags("--client-cert-auth", "--trusted-ca-file=" + certificates.ca());
            clientFlags.addAll(List.of("--cert=" + client.certificate(), "--key=" + client.key()));
            return tls(certificates);
        }

        EtcdSettings settings() {
            return new EtcdSettings(home, name, flags, dataDir, startTimeout, scheme, clientFlags, true);
        }

        /**
         * Starts a single member and waits until it answers.
         *
         * @throws IllegalStateException with what the server's log says, when it does not
         */
        public EtcdProcess start() {
            for (int attempt = 1; ; attempt++) {
                var ports = MemberPorts.take();
                var self = name + "=" + ports.peer().url("http");
                var member = new EtcdProcess(settings(), ports, List.of("--initial-cluster=" + self));
                try {
                    member.launch();
                    member.awaitAnswer();
                    return member;
                } catch (PortInUseException taken) {
                    member.close();
                    if (attempt == PORT_ATTEMPTS) {
                        throw taken;
                    }
                } catch (RuntimeException failed) {
                    member.close();
                    throw failed;
                }
            }
        }
    }
}
