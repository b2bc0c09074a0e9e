package dev.otherix.backup.cli;

import static dev.otherix.backup.cli.Gateway.delete;
import static dev.otherix.backup.cli.Gateway.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.Secrets;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.MemberKeys;
import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.KeyChoice;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoChoice;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.json.JsonMapper;

/** An undo against members of every line, and against one that wants a certificate and a login. */
@NeedsEtcd
class UndoOtherMembersIT {

    private static final String PASSWORD = Secrets.PASSWORD + "undo";

    @TempDir
    private Path dir;

    private final List<MemberUndo.Done> done = new ArrayList<>();

    @ParameterizedTest
    @EtcdLines
    void aWrongDeleteIsUndoneInAMemberOfEachLine(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var gateway = new Gateway(etcd)) {
            var ca = ClusterCa.generate();
            gateway.txn(List.of(
                    put(ClusterCa.ACTIVE_KEY, ca.id()),
                    put(ca.rowKey(), JsonMapper.shared().writeValueAsString(ca.row()))));
            gateway.txn(List.of(put("/a", "a"), put("/b", "b")));
            var before = gateway.state();
            var first = gateway.txn(List.of(delete("/a"), put("/b", "b 1"), put("/c", "c")));
            var last = gateway.txn(List.of(delete("/b")));
            try (var file = saved(etcd)) {
                apply(plain(etcd), file, first - 1, last);
            }
            assertThat(gateway.state()).isEqualTo(before);
            assertThat(done).extracting(one -> one.revision().orElseThrow()).containsExactly(last + 1, last + 2);
        }
    }

    @Test
    void aMemberWithTlsAndALoginIsUndoneByItsRootOnly() throws IOException {
        var certificates = TestCertificates.in(dir.resolve("ca"));
        var client = certificates.client("backup");
        try (var etcd =
                EtcdProcess.builder(EtcdHomes.first()).mutualTls(certificates).start()) {
            var ca = ClusterCa.generate();
            etcd.etcdctl("put", ClusterCa.ACTIVE_KEY, ca.id());
            etcd.etcdctl("put", ca.rowKey(), JsonMapper.shared().writeValueAsString(ca.row()));
            etcd.etcdctl("put", "/a", "a");
            etcd.etcdctl("del", "/a");
            etcd.etcdctl("put", "/b", "wrong");
            try (var file = saved(etcd)) {
                etcd.enableAuth(PASSWORD);
                var last = file.span().last();
                var wrong = root(etcd, certificates, client, "wrong");
                assertThatExceptionOfType(CommandFailure.class)
                        .isThrownBy(() -> apply(wrong, file, last - 2, last))
                        .withMessageContaining("nothing was written");
                var root = root(etcd, certificates, client, PASSWORD);
                apply(root, file, last - 2, last);
                assertThat(done).hasSize(2);
                try (var after = new EtcdMember(root).connect()) {
                    var keys = new MemberKeys(after);
                    assertThat(keys.read(Key.of("/a").bytes()))
                            .hasValueSatisfying(stored ->
                                    assertThat(stored.value()).asString().isEqualTo("a"));
                    assertThat(keys.read(Key.of("/b").bytes())).isEmpty();
                }
            }
        }
    }

    private ProvenFile saved(EtcdProcess etcd) throws IOException {
        var path = dir.resolve("a.db");
        etcd.etcdctl("snapshot", "save", path.toString());
        return ProvenFile.open(path, false, _ -> {});
    }

    private EtcdProperties root(
            EtcdProcess etcd, TestCertificates certificates, TestCertificates.Pair client, String password)
            throws IOException {
        return new EtcdProperties(
                URI.create(etcd.clientUrl()),
                certificates.ca(),
                client.certificate(),
                client.key(),
                "root",
                PrivateFile.write(dir.resolve("password"), password));
    }

    private static EtcdProperties plain(EtcdProcess etcd) {
        return new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, null, null);
    }

    private void apply(EtcdProperties properties, ProvenFile file, long after, long upTo) {
        var undo = new MemberUndo(new EtcdMember(properties), Duration.ofSeconds(3), _ -> {}, done::add);
        undo.write(undo.compared(file, Undo.of(file, UndoChoice.between(after, upTo, KeyChoice.ALL))));
    }
}
