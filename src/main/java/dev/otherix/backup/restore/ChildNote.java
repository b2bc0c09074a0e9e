package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a drill writes down before it starts a program, so that the next one can end that and what it has started, even
 * if this process is killed at any moment. A number of a process is not enough: it may be another's by then. So a
 * process is the drill's if it was started after the one that wrote this, and has either the program and the data
 * directory in its command, or the token in its environment.
 *
 * @param boot the start of the system
 * @param since start of the process that wrote this, see {@link ProcessEntry}
 * @param token in the environment of the program, and so of all that it starts
 */
record ChildNote(String boot, long since, String token, String program, String dataDirectory) {

    static final String VARIABLE = "OTHERIX_ETCD_BACKUP_DRILL";

    private static final int MOST_BYTES = 1 << 16;
    private static final int TOKEN_BYTES = 16;

    static ChildNote of(Path program, Path dataDirectory) throws IOException {
        var token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return new ChildNote(
                ProcessEntry.boot(),
                ProcessEntry.ownStart(),
                HexFormat.of().formatHex(token),
                program.toString(),
                dataDirectory.toString());
    }

    /** The argument that names the data directory. */
    String dataArgument() {
        return "--data-dir=" + dataDirectory;
    }

    void write(DirectoryHandle directory, String name) throws IOException {
        try (var file = directory.create(name)) {
            var bytes =
                    ByteBuffer.wrap(JsonMapper.shared().writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    }

    /** Reads it; empty if it is not there, or not whole: then nothing was started. */
    static Optional<ChildNote> read(DirectoryHandle directory, String name) throws IOException {
        if (!directory.isFile(name)) {
            return Optional.empty();
        }
        try (var file = directory.read(name)) {
            return parse(file);
        }
    }

    private static Optional<ChildNote> parse(FileChannel file) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(file.size(), MOST_BYTES));
        while (bytes.hasRemaining() && file.read(bytes) >= 0) {
            // until its end
        }
        try {
            var text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return Optional.of(JsonMapper.shared().readValue(text, ChildNote.class));
        } catch (JacksonException notWhole) {
            return Optional.empty();
        }
    }

    /** The processes that live of those that were started. */
    List<ProcessHandle> living() throws IOException {
        if (!boot.equals(ProcessEntry.boot())) {
            return List.of();
        }
        var variable = VARIABLE + "=" + token;
        return ProcessEntry.all().stream()
                .filter(process -> process.started() >= since)
                .filter(process -> process.environment().contains(variable)
                        || process.arguments().contains(program)
                                && process.arguments().contains(dataArgument()))
                .flatMap(process -> ProcessHandle.of(process.pid()).stream())
                .toList();
    }
}
