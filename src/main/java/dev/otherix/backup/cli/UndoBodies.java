package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.NewFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoTransaction;
import dev.otherix.backup.history.UndoWrite;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The inverses as bodies for {@code POST /v3/kv/txn} of etcd's JSON gateway, one a line. Holds one value at a time in
 * memory.
 */
final class UndoBodies {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private final Undo undo;

    UndoBodies(Undo undo) {
        this.undo = undo;
    }

    /** @throws CommandFailure if the name is taken */
    static void requireAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw taken(file, null);
        }
    }

    private static CommandFailure taken(Path file, @Nullable FileAlreadyExistsException there) {
        return new CommandFailure(
                file + " already exists and is not replaced; nothing was written",
                "Give another --out FILE, or move the file away.",
                there);
    }

    /** Writes them to a file that only its owner can read. */
    void writeTo(Path file) {
        try (var made = NewFile.begin(file);
                var out = new BufferedOutputStream(Channels.newOutputStream(made.channel()))) {
            writeTo(out);
            out.flush();
            made.publish();
        } catch (NotWritten refused) {
            throw notWritten(file, refused.reason());
        } catch (IOException broken) {
            throw notWritten(file, broken);
        }
    }

    private static CommandFailure notWritten(Path file, IOException broken) {
        return broken instanceof FileAlreadyExistsException there
                ? taken(file, there)
                : new CommandFailure(
                        "cannot write " + file + ": " + reason(file, broken) + "; nothing was written",
                        "Give an --out FILE in a directory that is there and that this user may write to.",
                        broken);
    }

    private static String reason(Path file, IOException broken) {
        return broken instanceof AccessDeniedException
                ? "the user " + UnreadableFile.user() + " may not write there"
                : new NamedFile(file.resolveSibling("."), false).reason(broken);
    }

    private void writeTo(OutputStream out) throws IOException {
        for (var transaction : undo.written()) {
            line(transaction, out);
            out.write('\n');
        }
    }

    private void line(UndoTransaction transaction, OutputStream out) throws IOException {
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("compare");
            transaction.writes().forEach(write -> compare(json, write));
            json.writeEndArray();
            json.writeArrayPropertyStart("success");
            transaction.writes().forEach(write -> operation(json, write));
            json.writeEndArray();
            json.writeEndObject();
        } catch (JacksonException notWritten) {
            throw notWritten.getCause() instanceof IOException broken ? broken : new IOException(notWritten);
        }
    }

    private static void compare(JsonGenerator json, UndoWrite write) {
        json.writeStartObject();
        json.writeStringProperty("result", "EQUAL");
        json.writeStringProperty("target", write.guard() == 0 ? "VERSION" : "MOD");
        bytes(json, "key", write.key().bytes());
        // 64 bits as a text, as in all JSON of protobuf
        json.writeStringProperty(write.guard() == 0 ? "version" : "mod_revision", String.valueOf(write.guard()));
        json.writeEndObject();
    }

    private void operation(JsonGenerator json, UndoWrite write) {
        json.writeStartObject();
        json.writeObjectPropertyStart(write.put() ? "request_put" : "request_delete_range");
        bytes(json, "key", write.key().bytes());
        if (write.put()) {
            bytes(json, "value", undo.value(write));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void bytes(JsonGenerator json, String name, byte[] value) {
        json.writeName(name);
        json.writeBinary(value);
    }
}
