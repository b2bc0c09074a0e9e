package dev.otherix.backup.cli;

import static dev.otherix.backup.cli.Gateway.delete;
import static dev.otherix.backup.cli.Gateway.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.history.KeyChoice;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoChoice;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** An undo of two transactions, where something happens between the first one's write and the second one's. */
@NeedsEtcd
class MemberUndoIT {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @TempDir
    private Path dir;

    private EtcdProcess etcd;
    private Gateway gateway;
    private ClusterCa ca;
    private ProvenFile file;
    private Undo undo;
    private Map<String, String> before;
    private final List<String> said = new ArrayList<>();
    private final List<MemberUndo.Done> noted = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        etcd = EtcdProcess.start(EtcdHomes.first());
        gateway = new Gateway(etcd);
        ca = ClusterCa.generate();
        putCa(gateway);
        gateway.txn(List.of(put("/a", "a"), put("/b", "b"), put("/c", "c")));
        before = gateway.state();
        var first = gateway.txn(List.of(delete("/a"), put("/b", "b 1")));
        gateway.txn(List.of(put("/b", "b 2"), delete("/c")));
        var path = dir.resolve("a.db");
        etcd.etcdctl("snapshot", "save", path.toString());
        file = ProvenFile.open(path, false, _ -> {});
        undo = Undo.of(file, UndoChoice.between(first - 1, first + 1, KeyChoice.ALL));
    }

    private void putCa(Gateway member) {
        member.txn(List.of(
                put(ClusterCa.ACTIVE_KEY, ca.id()),
                put(ca.rowKey(), JsonMapper.shared().writeValueAsString(ca.row()))));
    }

    @AfterEach
    void stop() {
        file.close();
        gateway.close();
        etcd.close();
    }

    @Test
    void aMemberBelowTheFilesRevisionIsRefused() {
        try (var other = EtcdProcess.start(EtcdHomes.first());
                var others = new Gateway(other)) {
            putCa(others);
            var restored = member(other.clientUrl(), _ -> {});
            assertThatExceptionOfType(CommandFailure.class)
                    .isThrownBy(() -> restored.compared(file, undo))
                    .withMessageContaining(
                            " is at revision " + file.span().last() + ", the member only at 2; nothing was written");
        }
    }

    @Test
    void aMemberThatWasKilledIsReportedAndASecondCallFinishes() {
        var one = member(etcd.clientUrl(), _ -> etcd.kill());
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> one.write(undo))
                .withMessageContaining("may be undone or not: ")
                .withMessageContaining("Undone before it: 1")
                .satisfies(failure -> assertThat(failure.fix())
                        .contains("otherix-etcd-backup undo " + file.path() + " --from 3 --to 5 --apply"));
        assertThat(one.applied()).isEqualTo(1);

        etcd.restart();
        var second = member(etcd.clientUrl(), _ -> {});
        var left = second.compared(file, undo);
        assertThat(left.conflicts()).isEmpty();
        assertThat(left.transactions().getFirst().leftOut()).contains("is undone already");
        second.write(left);
        assertThat(second.applied()).isEqualTo(1);
        assertThat(gateway.state()).isEqualTo(before);
    }

    @Test
    void aMemberThatAnswersAgainShowsThatTheWriteWasNotDone() {
        var one = member(etcd.clientUrl(), Duration.ofMinutes(1), _ -> {
            etcd.kill();
            Thread.startVirtualThread(etcd::restart);
        });
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> one.write(undo))
                .withMessageContaining("was not undone: ")
                .withMessageContaining("Undone before it: 1");
        assertThat(gateway.state()).containsEntry("/c", "c 0").doesNotContainKey("/a");
    }

    @Test
    void aChangeInTheMeantimeStopsItAndStays() {
        var one = member(etcd.clientUrl(), _ -> gateway.txn(List.of(put("/a", "somebody else"))));
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> one.write(undo))
                .withMessageContaining("was not undone: one of its keys was changed in the meantime")
                .withMessageContaining("Undone before it: 1");
        assertThat(gateway.state()).containsEntry("/a", "somebody else 0");
        var left = member(etcd.clientUrl(), _ -> {}).compared(file, undo);
        assertThat(left.conflicts()).hasSize(1);
    }

    @Test
    void aLostAnswerIsFoundOutByReadingTheKeys() throws IOException {
        try (var loser = new AnswerLoser(URI.create(etcd.clientUrl()).getPort())) {
            var one = member("http://127.0.0.1:" + loser.port(), line -> {
                if (said.size() == 1) {
                    loser.swallow();
                    Thread.startVirtualThread(() -> {
                        Awaitility.await().until(() -> gateway.state().containsKey("/a"));
                        loser.cut();
                    });
                }
            });
            one.write(undo);
            assertThat(one.applied()).isEqualTo(2);
            assertThat(said).hasSize(2);
            assertThat(said.getLast()).contains("its answer was lost");
            assertThat(noted)
                    .extracting(done -> done.revision().orElseThrow())
                    .containsExactly(
                            undo.written().getFirst().revision() + 1,
                            undo.written().getFirst().revision() + 2);
            assertThat(gateway.state()).isEqualTo(before);
        }
    }

    private MemberUndo member(String url, Consumer<String> then) {
        return member(url, PATIENCE, then);
    }

    private MemberUndo member(String url, Duration patience, Consumer<String> then) {
        return new MemberUndo(
                new EtcdMember(new EtcdProperties(URI.create(url), null, null, null, null, null)),
                patience,
                line -> {
                    said.add(line);
                    then.accept(line);
                },
                noted::add);
    }
}
