package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the record of a copy. Nothing in it is believed that the copy's place does not confirm. */
final class CopyRecord {

    /** A record has some ten kilobytes. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_RECIPIENTS = 100;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern CA = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{1,16}");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,40}");
    private static final Pattern VERSION_ID = Pattern.compile("\\p{Graph}{1,1024}");

    private CopyRecord() {}

    /**
     * The record of the copy at {@code place}.
     *
     * @throws CopyRefused if there is none, or it is not this copy's
     */
    static StoredRecord read(ObjectStore store, Folder.Place place) {
        var key = place.folder().record(place.name());
        try (var stream = store.read(key, null, 0, MOST_BYTES + 1L)) {
            var bytes = stream.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw refused(place, "it is longer than any record");
            }
            var record = StoredRecord.read(bytes).orElseThrow(() -> refused(place, "it is no record of a copy"));
            problem(record, place).ifPresent(problem -> {
                throw refused(place, problem);
            });
            return record;
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.NO_SUCH_OBJECT) {
                throw new CopyRefused(
                        CopyRefused.Reason.MISSING,
                        place.name() + " is not there: the store has no " + key,
                        "\"otherix-etcd-backup offsite list\" shows what is there.",
                        failure);
            }
            throw failure;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static CopyRefused refused(Folder.Place place, String problem) {
        return new CopyRefused(
                CopyRefused.Reason.RECORD,
                "the record " + place.folder().record(place.name()) + " cannot be used: " + problem,
                "Take another copy.",
                null);
    }

    /** Why it cannot be the record of the copy there; empty if it can. */
    static Optional<String> problem(StoredRecord record, Folder.Place place) {
        var object = record.object();
        if (!record.name().equals(place.name())) {
            return Optional.of("it is of " + record.name());
        }
        if (!place.isObject(object.key(), !object.recipients().isEmpty())) {
            return Optional.of("it names another object");
        }
        if (record.sizeBytes() <= 0 || object.sizeBytes() <= 0) {
            return Optional.of("it has a size that no file has");
        }
        if (!SHA_256.matcher(record.sha256()).matches()
                || !SHA_256.matcher(object.sha256()).matches()) {
            return Optional.of("it has no SHA-256");
        }
        var etcd = record.etcd();
        var known = record.caFingerprint() == null
                || CA.matcher(record.caFingerprint()).matches();
        if (!known
                || etcd != null
                        && !(ID.matcher(etcd.clusterId()).matches()
                                && ID.matcher(etcd.memberId()).matches()
                                && VERSION.matcher(etcd.version()).matches())) {
            return Optional.of("it has an id, a version or a fingerprint that is none");
        }
        var version = object.versionId();
        if (version != null && !VERSION_ID.matcher(version).matches()
                || object.recipients().size() > MOST_RECIPIENTS
                || !object.recipients().stream()
                        .allMatch(recipient -> ID.matcher(recipient).matches())) {
            return Optional.of("it has a version or a recipient that is none");
        }
        return Optional.empty();
    }
}
