package dev.otherix.backup.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a whole configuration file, at most 1 MiB, as strict UTF-8. */
final class FileText {

    private static final int LARGEST = 1 << 20;
    private static final String USER = System.getProperty("user.name");
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private FileText() {
    }

    /** @throws UnusableConfigFile if it is missing, unreadable, too large, not UTF-8, or has nothing in it */
    static String read(Path file) {
        String text = decode(file, bytes(file));
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (content.isBlank()) {
            throw new UnusableConfigFile(file, null, "is empty", "Restore its content, or remove the file.", null);
        }
        return content;
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnusableConfigFile(file, null, "is larger than 1 MiB", "Name the right file.", null);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnusableConfigFile(file, null, "does not exist", "Correct the path, or create the file.", e);
        } catch (IOException e) {
            throw Files.isDirectory(file) ? new UnusableConfigFile(file, null, "is a directory", "Name a file in it.", e)
                    : new UnusableConfigFile(file, null, "cannot be read: " + reason(e), fix(file, e), e);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied for the user " + USER;
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    /** The file may belong to another user, and so may hold secrets of a program that is not ours: it is opened to one group only. */
    private static String fix(Path file, IOException e) {
        return e instanceof AccessDeniedException
                ? "Let this user read it: sudo chgrp \"$(id -gn " + USER + ")\" " + file + " && sudo chmod g+r " + file
                        + ". The user also has to be able to enter the directory " + file.toAbsolutePath().getParent() + "."
                : "Name a file that can be read.";
    }

    private static String decode(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new UnusableConfigFile(file, null, "is not UTF-8 text", "Save it as UTF-8.", e);
        }
    }
}
