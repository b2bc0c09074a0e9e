package dev.otherix.backup.restore;

import dev.otherix.backup.verify.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The beginning of a member's log, in which the members join one after the other and all of it is committed (etcd:
 * server/storage/wal/{wal,encoder}.go, walpb/record.proto, raftpb/raft.proto, etcdutl/snapshot/v3_snapshot.go).
 */
final class WriteAheadLog {

    /** Its file in {@code member/wal}. */
    static final String NAME = "0000000000000000-0000000000000000.wal";

    /** To this length etcd makes the file, in bytes; zeros follow the records. */
    static final int BYTES = 64_000_000;

    static final long TERM = 1;

    private static final int METADATA = 1;
    private static final int ENTRY = 2;
    private static final int STATE = 3;
    private static final int CRC = 4;
    private static final int SNAPSHOT = 5;

    private static final int CONFIGURATION_CHANGE = 1;
    private static final int ADD_NODE = 0;

    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    // runs on from record to record
    private final CRC32C crc = new CRC32C();

    private WriteAheadLog() {}

    /** Its records. */
    static byte[] records(InitialCluster cluster, InitialCluster.Member own) {
        var log = new WriteAheadLog();
        log.frame(new MessageWriter().number(1, CRC).number(2, 0));
        log.record(METADATA, new MessageWriter().number(1, own.id()).number(2, cluster.id()));
        log.record(SNAPSHOT, new MessageWriter().number(1, 0).number(2, 0));
        var index = 0;
        for (var member : cluster.members()) {
            index++;
            log.record(
                    ENTRY,
                    new MessageWriter()
                            .number(1, CONFIGURATION_CHANGE)
                            .number(2, TERM)
                            .number(3, index)
                            .bytes(4, joining(member)));
        }
        log.record(
                STATE,
                new MessageWriter()
                        .number(1, TERM)
                        .number(2, cluster.members().getFirst().id())
                        .number(3, index));
        log.record(
                SNAPSHOT, new MessageWriter().number(1, index).number(2, TERM).bytes(3, configuration(cluster)));
        return log.frames.toByteArray();
    }

    private static byte[] joining(InitialCluster.Member member) {
        return new MessageWriter()
                .number(1, 0)
                .number(2, ADD_NODE)
                .number(3, member.id())
                .text(4, GoJson.member(member))
                .toBytes();
    }

    /** The members as Raft knows them: all of them vote. */
    static byte[] configuration(InitialCluster cluster) {
        var configuration = new MessageWriter();
        cluster.members().forEach(member -> configuration.number(1, member.id()));
        return configuration.number(5, 0).toBytes();
    }

    private void record(int type, MessageWriter content) {
        var data = content.toBytes();
        crc.update(data);
        frame(new MessageWriter().number(1, type).number(2, crc.getValue()).bytes(3, data));
    }

    /** Its length is in 8 bytes, with the number of zeros that follow it in the highest one. */
    private void frame(MessageWriter content) {
        var record = content.toBytes();
        var padding = -record.length & 7;
        var length = padding == 0 ? record.length : record.length | (0x80L | padding) << 56;
        frames.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
        frames.writeBytes(record);
        frames.writeBytes(new byte[padding]);
    }
}
