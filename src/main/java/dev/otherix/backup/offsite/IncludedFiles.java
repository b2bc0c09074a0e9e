package dev.otherix.backup.offsite;

import dev.otherix.backup.config.InTime;
import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that travel beside the copies at one target, read as they are at that moment. One that cannot be read is
 * left out: that is reported, and fails no copy. What is wrong can be read by any thread.
 */
final class IncludedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(IncludedFiles.class);
    /** The slowest files that were seen took a second. */
    private static final Duration LONGEST_READ = Duration.ofSeconds(5);

    private static final Lack HANGS = new Lack("cannot be read: its file system does not answer");

    private final List<Path> paths;
    private final String place;
    private final Duration longestRead;
    private final Map<Path, Lack> lacking = new ConcurrentHashMap<>();
    private final Set<Path> beingRead = ConcurrentHashMap.newKeySet();

    /** @param place the target, for messages */
    IncludedFiles(List<Path> paths, String place) {
        this(paths, place, LONGEST_READ);
    }

    IncludedFiles(List<Path> paths, String place, Duration longestRead) {
        this.paths = List.copyOf(paths);
        this.place = place;
        this.longestRead = longestRead;
    }

    /**
     * Why a file cannot travel.
     *
     * @param words without any other path, as the rest of a sentence
     * @param details the same for this host's log
     */
    private record Lack(String words, String details) {

        Lack(String words) {
            this(words, words);
        }

        static Lack of(UnreadableFile unreadable) {
            return new Lack(unreadable.inGeneral(), unreadable.problem() + ". " + unreadable.fix());
        }
    }

    /** Those that can be read, each when it is asked for. */
    Iterator<IncludedFile> read() {
        return paths.stream().flatMap(path -> read(path).stream()).iterator();
    }

    /** What is lacking beside the newest copy, each in a sentence. */
    List<String> remarks() {
        return paths.stream()
                .filter(lacking::containsKey)
                .map(path ->
                        "off-site copies are made without the file " + path.getFileName() + " of offsite.include: it "
                                + Objects.requireNonNull(lacking.get(path)).words())
                .toList();
    }

    /** Looks at each, so that what is wrong shows before the next copy. */
    void look() {
        read().forEachRemaining(_ -> {});
    }

    private Optional<IncludedFile> read(Path path) {
        if (!beingRead.add(path)) {
            // a second thread would hang too
            lacks(path, HANGS);
            return Optional.empty();
        }
        try {
            var answer = InTime.ask(longestRead, () -> {
                try {
                    return answer(path);
                } finally {
                    beingRead.remove(path);
                }
            });
            if (answer.lack() != null) {
                lacks(path, answer.lack());
            } else if (lacking.remove(path) != null) {
                LOG.info("{} can be read again, and travels beside the copies in {}", path, place);
            }
            return Optional.ofNullable(answer.file());
        } catch (TimeoutException hangs) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted while reading " + path, hangs);
            }
            lacks(path, HANGS);
            return Optional.empty();
        }
    }

    private void lacks(Path path, Lack why) {
        if (!why.equals(lacking.put(path, why))) {
            LOG.warn("copies in {} are made without {}: it {}", place, path, why.details());
        }
    }

    private record Answer(
            @Nullable IncludedFile file, @Nullable Lack lack) {

        static Answer without(Lack lack) {
            return new Answer(null, lack);
        }
    }

    private static Answer answer(Path path) {
        var unreadable = UnreadableFile.of(path);
        if (unreadable.isPresent()) {
            return Answer.without(Lack.of(unreadable.get()));
        }
        try {
            var found = Files.readAttributes(path, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                // to open a pipe can take for ever
                return Answer.without(new Lack("is no regular file"));
            }
            try (var in = Files.newInputStream(path)) {
                var content = in.readNBytes(IncludedFile.MOST_BYTES + 1);
                return content.length > IncludedFile.MOST_BYTES
                        ? Answer.without(new Lack("is larger than 1 MiB, which is the most that travels"))
                        : new Answer(
                                new IncludedFile(
                                        FileName.of(path),
                                        content,
                                        found.lastModifiedTime().toInstant()),
                                null);
            }
        } catch (IOException broken) {
            return Answer.without(Lack.of(UnreadableFile.of(path, broken)));
        }
    }
}
