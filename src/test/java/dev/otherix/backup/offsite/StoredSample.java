package dev.otherix.backup.offsite;

import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Puts a snapshot's copy and its record into a store, as the service leaves them; a test may change what is put. */
public final class StoredSample {

    private final Path snapshot;
    private final SnapshotName name;
    private Folder folder = new Folder("otherix-etcd-backup", "ca-0123456789abcdef", "8e9e05c52164694d");
    private @Nullable Recipients recipients;
    private UnaryOperator<byte[]> object = bytes -> bytes;
    private UnaryOperator<StoredRecord> record = made -> made;
    private UnaryOperator<byte[]> unpacked = bytes -> bytes;
    private UnaryOperator<byte[]> sealing = bytes -> bytes;

    /** @param snapshot a good file; its name need not be that of a snapshot */
    public StoredSample(Path snapshot, String stamp) {
        this.snapshot = snapshot;
        this.name = SnapshotName.parse("otherix-" + stamp + ".db").orElseThrow();
    }

    public StoredSample in(Folder other) {
        this.folder = other;
        return this;
    }

    public StoredSample forKeys(AgeKey... keys) {
        this.recipients =
                new Recipients(List.of(keys).stream().map(AgeKey::recipient).toList());
        return this;
    }

    /** Changes the object after its record was made. */
    public StoredSample changingTheObject(UnaryOperator<byte[]> change) {
        this.object = change;
        return this;
    }

    /** Changes what is packed and encrypted; the record says the hash of the object that comes of it. */
    public StoredSample packing(UnaryOperator<byte[]> change) {
        this.unpacked = change;
        return this;
    }

    /** Changes the encrypted object; its record says the hash of the changed one. */
    public StoredSample sealing(UnaryOperator<byte[]> change) {
        this.sealing = change;
        return this;
    }

    public StoredSample changingTheRecord(UnaryOperator<StoredRecord> change) {
        this.record = change;
        return this;
    }

    public Folder folder() {
        return folder;
    }

    public String objectKey() {
        return folder.object(name, recipients != null);
    }

    public String recordKey() {
        return folder.record(name);
    }

    /** Puts both, and a canary where it is encrypted. */
    public StoredRecord putInto(ObjectStore store) {
        try {
            var bytes = Files.readAllBytes(snapshot);
            var sealed = sealing.apply(sealed(packed(unpacked.apply(bytes))));
            var made = record.apply(record(bytes, sealed));
            store.put(objectKey(), object.apply(sealed), false);
            if (recipients != null) {
                store.put(folder.canary(recipients), sealed(Canary.TEXT), false);
            }
            store.put(recordKey(), made.json(), false);
            return made;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Puts files beside the copy. @param archive of any kind */
    public void putFiles(ObjectStore store, byte[] archive) {
        try {
            store.put(folder.files(name), sealed(packed(archive)), false);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    public static byte[] packed(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private byte[] sealed(byte[] bytes) throws IOException {
        if (recipients == null) {
            return bytes;
        }
        var sealed = new ByteArrayOutputStream();
        try (var age = Channels.newOutputStream(new StandardEncryptingChannelFactory()
                .newEncryptingChannel(Channels.newChannel(sealed), recipients.stanzas()))) {
            age.write(bytes);
        } catch (GeneralSecurityException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
        return sealed.toByteArray();
    }

    private StoredRecord record(byte[] bytes, byte[] sealed) throws IOException {
        try (var proof = new SnapshotVerifier().verify(snapshot, SnapshotVerifier.Options.PLAIN, _ -> {})) {
            var facts = proof.facts().orElseThrow();
            return new StoredRecord(
                    name,
                    name.second(),
                    bytes.length,
                    sha256(bytes),
                    new StoredRecord.Facts(facts.revision(), facts.compactRevision(), facts.liveKeys(), facts.hashKv()),
                    new StoredRecord.Etcd("3.6.14", "cdf818194e3a8c32", folder.memberId(), Consistency.LINEARIZABLE),
                    name,
                    false,
                    null,
                    proof.activeCa().fingerprint(),
                    new StoredRecord.Verified(Verification.State.VERIFIED, List.of()),
                    new StoredRecord.StoredBytes(
                            objectKey(),
                            sealed.length,
                            sha256(sealed),
                            null,
                            recipients == null ? List.of() : recipients.fingerprints(),
                            new ObjectLock(ObjectLock.Mode.COMPLIANCE, Instant.parse("2026-07-06T04:00:00Z")),
                            Instant.parse("2026-06-06T04:00:00Z")));
        }
    }

    public static String sha256(byte[] bytes) {
        var sha256 = new Sha256();
        sha256.add(bytes, 0, bytes.length);
        return sha256.hex();
    }

    /** The record with another size of the snapshot. */
    public static StoredRecord sized(StoredRecord made, long bytes) {
        return changed(made, bytes, made.facts(), made.object());
    }

    /** The record with another number of live keys. */
    public static StoredRecord keyed(StoredRecord made, long liveKeys) {
        var facts = made.facts();
        return changed(
                made,
                made.sizeBytes(),
                new StoredRecord.Facts(facts.revision(), facts.compactRevision(), liveKeys, facts.hashKv()),
                made.object());
    }

    /** The record of a pinned snapshot. */
    public static StoredRecord pinned(StoredRecord made) {
        return new StoredRecord(
                made.name(),
                made.createdAt(),
                made.sizeBytes(),
                made.sha256(),
                made.facts(),
                made.etcd(),
                made.lineage(),
                true,
                made.history(),
                made.caFingerprint(),
                made.verification(),
                made.object());
    }

    /** The record of a snapshot that was not proven. */
    public static StoredRecord unproven(StoredRecord made) {
        return new StoredRecord(
                made.name(),
                made.createdAt(),
                made.sizeBytes(),
                made.sha256(),
                made.facts(),
                made.etcd(),
                made.lineage(),
                made.pinned(),
                made.history(),
                made.caFingerprint(),
                new StoredRecord.Verified(Verification.State.UNVERIFIED, List.of()),
                made.object());
    }

    private static StoredRecord changed(
            StoredRecord made, long bytes, StoredRecord.Facts facts, StoredRecord.StoredBytes object) {
        return new StoredRecord(
                made.name(),
                made.createdAt(),
                bytes,
                made.sha256(),
                facts,
                made.etcd(),
                made.lineage(),
                made.pinned(),
                made.history(),
                made.caFingerprint(),
                made.verification(),
                object);
    }
}
