package dev.otherix.backup.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine in one directory: a home, a checkout that holds the real {@code mvnw}, and a PATH with nothing on it but
 * the system's basic commands and the programs that a test puts there. Those are fakes that tell who was called, and
 * how.
 */
final class TemporaryMachine {

    static final String MAVEN = "3.9.16";

    /** What {@code mvnw} needs of a POSIX system, the tools for an archive, and {@code cp} for the fakes. */
    private static final List<String> COMMANDS = List.of(
            "awk",
            "cp",
            "dirname",
            "find",
            "gzip",
            "mkdir",
            "mktemp",
            "mv",
            "rm",
            "sed",
            "sha256sum",
            "shasum",
            "tar",
            "tr");

    final Path home;
    final Path project;
    final Map<String, String> environment = new TreeMap<>();
    private final Path root;
    private final Path programs;
    private final Path commands;
    private final Path archive;
    private final Path downloads;

    TemporaryMachine(Path directory) throws IOException {
        root = Files.createDirectories(directory).toRealPath();
        home = Files.createDirectories(root.resolve("home"));
        project = Files.createDirectories(root.resolve("project"));
        programs = Files.createDirectories(root.resolve("programs"));
        commands = Files.createDirectories(root.resolve("commands"));
        archive = root.resolve("archive.tar.gz");
        downloads = root.resolve("downloads");
        Files.copy(Path.of("mvnw"), project.resolve("mvnw"), StandardCopyOption.COPY_ATTRIBUTES);
        for (var command : COMMANDS) {
            handOn(command);
        }
        environment.put("HOME", home.toString());
        environment.put("PATH", programs + ":" + commands);
        environment.put("MVNW_JDKS", root.resolve("jdks").toString());
        pin("0".repeat(64));
    }

    /** A JDK of this version below {@code jdks}, the one place that is searched unless a test says otherwise. */
    Path jdk(String version) throws IOException {
        return jdk(version, root.resolve("jdks").resolve("jdk-" + version));
    }

    Path jdk(String version, Path jdk) throws IOException {
        program(jdk.resolve("bin/javac"), "exit 1");
        return runtime(version, jdk);
    }

    /** Java without a compiler. */
    Path runtime(String version, Path runtime) throws IOException {
        program(runtime.resolve("bin/java"), """
                if [ "$1" = -XshowSettings:properties ]; then
                  printf '    java.home = %%s\\n    java.version = %%s\\n' '%s' '%s' >&2
                fi
                """.formatted(runtime, version));
        return runtime;
    }

    Path elsewhere(String name) {
        return root.resolve("elsewhere").resolve(name);
    }

    void javaOnPath(Path jdk) throws IOException {
        Files.createSymbolicLink(programs.resolve("java"), jdk.resolve("bin/java"));
    }

    /** A {@code mvn} whose version is printed in bold, as Debian's does even into a pipe. */
    void mavenOnPath(String version) throws IOException {
        program(programs.resolve("mvn"), """
                if [ "$1" = -v ]; then printf '\\033[1mApache Maven %s\\033[m\\n'; exit; fi
                """.formatted(version) + tellTheCall("PATH"));
    }

    void maven(Path home, String name) throws IOException {
        program(home.resolve("bin/mvn"), tellTheCall(name));
    }

    /**
     * What a download brings: an archive of the pinned Maven, which calls itself {@code downloaded}. Returns its
     * SHA-256.
     */
    String archive() throws IOException, InterruptedException {
        var content = root.resolve("content");
        maven(content.resolve("apache-maven-" + MAVEN), "downloaded");
        var exit = new ProcessBuilder(
                        "tar", "-czf", archive.toString(), "-C", content.toString(), "apache-maven-" + MAVEN)
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("tar ended with " + exit);
        }
        return sha256(archive);
    }

    /**
     * {@code curl} or {@code wget}: notes the URL, and brings the archive if there is one, else a part of something.
     */
    void downloader(String name) throws IOException {
        program(programs.resolve(name), """
                while [ $# -gt 1 ]; do
                  case $1 in -o | -O) out=$2 ;; esac
                  shift
                done
                echo "%s $1" >>'%s'
                cp '%s' "$out" 2>/dev/null && exit
                echo part >"$out"
                exit 22
                """.formatted(name, downloads, archive));
    }

    /** Each download as the program's name and the URL. */
    List<String> downloads() throws IOException {
        return Files.exists(downloads) ? Files.readAllLines(downloads) : List.of();
    }

    void pin(String sha256) throws IOException {
        properties("""
                distributionUrl=https://archive.apache.org/dist/maven/maven-3/%1$s/binaries/apache-maven-%1$s-bin.tar.gz
                distributionSha256Sum=%2$s
                """.formatted(MAVEN, sha256));
    }

    void properties(String text) throws IOException {
        var file = project.resolve(".mvn/wrapper/maven-wrapper.properties");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    Path distributions() {
        return home.resolve(".m2/wrapper/dists");
    }

    Answer mvnw(String... arguments) throws IOException, InterruptedException {
        return mvnwIn(project, arguments);
    }

    Answer mvnwIn(Path directory, String... arguments) throws IOException, InterruptedException {
        var out = root.resolve("out");
        var err = root.resolve("err");
        var process = new ProcessBuilder(
                Stream.concat(Stream.of(project.resolve("mvnw").toString()), Stream.of(arguments))
                        .toList());
        process.directory(directory.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        process.environment().clear();
        process.environment().putAll(environment);
        var running = process.start();
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
            running.destroyForcibly();
            throw new IOException("mvnw did not end");
        }
        return new Answer(running.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static String tellTheCall(String name) {
        return """
                printf 'maven=%s\\njava=%%s\\nin=%%s\\n' "$JAVA_HOME" "$PWD"
                for argument; do printf '[%%s]\\n' "$argument"; done
                exit "${MAVEN_EXIT:-0}"
                """.formatted(name);
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void handOn(String command) throws IOException {
        for (var directory : System.getenv("PATH").split(":")) {
            var file = Path.of(directory, command);
            if (Files.isExecutable(file)) {
                program(commands.resolve(command), "exec '%s' \"$@\"\n".formatted(file));
                return;
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /**
     * How a call of {@code mvnw} ended. A fake Maven's output says {@code maven=}, {@code java=}, {@code in=}, and each
     * argument.
     */
    record Answer(int exit, String out, String err) {

        String maven() {
            return told("maven=");
        }

        String java() {
            return told("java=");
        }

        String directory() {
            return told("in=");
        }

        private String told(String key) {
            return out.lines()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()))
                    .findFirst()
                    .orElse("(nothing)");
        }
    }
}
