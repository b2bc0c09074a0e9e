package dev.otherix.backup.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.check.VerificationProperties.HashKv;
import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.etcd.FakeMember.Answer;
import dev.otherix.backup.etcd.MemberConnection;
import dev.otherix.backup.snapshot.Verification.Outcome;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.grpc.Status;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A file of revision 100, compacted at 40, whose hash at the compact revision c is 1000 + c; and what a member may say
 * to that.
 */
class HashComparisonTests {

    private static final HashComparison.OfFile FILE =
            new HashComparison.OfFile(1 << 20, 100, 40, c -> OptionalLong.of(1000 + c));
    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";
    private static final String FUTURE = "etcdserver: mvcc: required revision is a future revision";

    private final FakeMember member = new FakeMember();
    private MemberConnection connection;

    @BeforeEach
    void connect() {
        member.revision(100);
        connection = new EtcdMember(new EtcdProperties(URI.create(member.clientUrl()), null, null, null, null, null))
                .connect();
    }

    @AfterEach
    void close() {
        connection.close();
        member.close();
    }

    private Comparison compare(HashKv when, HashComparison.OfFile file) {
        return new HashComparison(when).compare(connection, connection.status(Duration.ofSeconds(5)), file);
    }

    private Comparison compare() {
        return compare(HashKv.ALWAYS, FILE);
    }

    private void answers(Answer... answers) {
        var left = new ArrayDeque<>(List.of(answers));
        member.hash(_ -> left.size() > 1 ? left.poll() : left.peek());
    }

    private void assertInconclusive(Comparison result, String... words) {
        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.detail()).contains(words);
    }

    @Test
    void theSameHashPassesWithoutAWord() {
        answers(Answer.of(1040, 40, 100));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
        assertThat(member.asked())
                .as("its current one, which it does not remember")
                .containsExactly(0L);
    }

    @Test
    void aMemberThatHasGoneOnIsAskedForTheFilesRevision() {
        member.revision(101);
        answers(Answer.of(1040, 40, 101));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
        assertThat(member.asked()).containsExactly(100L);
    }

    @Test
    void aMemberThatGoesOnWhileItAnswersIsAskedForTheFilesRevisionAfterAll() {
        answers(Answer.of(7, 40, 101), Answer.of(1040, 40, 101));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
        assertThat(member.asked()).containsExactly(0L, 100L);
    }

    @Test
    void aMemberThatHasCompactedMeanwhileIsComparedAtItsCompactRevision() {
        answers(Answer.of(1090, 90, 100));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
    }

    @Test
    void aMismatchIsAskedOnceMoreAndThenFails() {
        answers(Answer.of(5, 40, 100));
        var result = compare();
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.detail()).contains("revision 100", "compact revision 40", "hash is 5", "file's is 1040");
        assertThat(member.asked()).hasSize(2);
    }

    @Test
    void aMismatchThatIsNoneTheSecondTimePasses() {
        answers(Answer.of(5, 40, 100), Answer.of(1040, 40, 100));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
    }

    @Test
    void aMismatchThatCannotBeAskedAgainDecidesNothingAndIsTold() {
        answers(Answer.of(5, 40, 100), Answer.refused(COMPACTED));
        assertInconclusive(compare(), "hash is 5", "asked again", "compacted");
    }

    @Test
    void aHashThatTheMemberRemembersFromAnEarlierCompactionDecidesNothing() {
        answers(Answer.of(5, 39, 100));
        assertInconclusive(compare(), "compact revision 39", "compacted at 40");
        answers(Answer.of(5, -1, 100));
        assertInconclusive(compare(), "compact revision -1");
    }

    @Test
    void aHashOfAnotherRevisionDecidesNothing() {
        answers(new Answer(1040, 40, 99L, 100, null));
        assertInconclusive(compare(), "revision 99", "of 100");
        answers(new Answer(1040, 40, 100L, 100, null));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
    }

    @Test
    void withoutALiveKeyNothingIsDecided() {
        answers(Answer.of(5, 40, 100));
        assertInconclusive(
                compare(HashKv.ALWAYS, new HashComparison.OfFile(1, 100, 40, _ -> OptionalLong.empty())),
                "no key is live");
    }

    @Test
    void aCompactionThatHasOvertakenTheFileDecidesNothing() {
        answers(Answer.refused(COMPACTED));
        assertInconclusive(compare(), "compacted its history beyond revision 100");
    }

    @Test
    void aMemberThatLagsIsAskedAgainForAWhile() {
        member.revision(99);
        answers(Answer.refused(FUTURE), Answer.refused(FUTURE), Answer.of(1040, 40, 100));
        assertThat(compare()).isEqualTo(Comparison.PASSED);
        answers(Answer.refused(FUTURE));
        assertInconclusive(compare(), "has not reached revision 100");
    }

    @Test
    void aMemberThatIsGoneDecidesNothing() {
        var status = connection.status(Duration.ofSeconds(5));
        member.close();
        assertInconclusive(
                new HashComparison(HashKv.ALWAYS).compare(connection, status, FILE),
                "could not be asked",
                member.clientUrl());
    }

    @ParameterizedTest
    @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void noErrorThatTheMemberAnswersDecidesAnything(Status.Code code) {
        member.refuse(MaintenanceGrpc.getHashKVMethod(), code.toStatus().withDescription("lie of " + code));
        assertThat(compare().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void aCancelledRunIsNoInconclusiveOne() {
        var status = connection.status(Duration.ofSeconds(5));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(EtcdFailure.class)
                .isThrownBy(() -> new HashComparison(HashKv.ALWAYS).compare(connection, status, FILE));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void neverAsksNever() {
        member.follower();
        var result = compare(HashKv.NEVER, FILE);
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.detail()).contains("verification.hash_kv is never");
        assertThat(member.asked()).isEmpty();
    }

    @Test
    void aLeaderIsAskedUpToASizeAndAFollowerAlways() {
        answers(Answer.of(1040, 40, 100));
        var most = HashComparison.SMALL_BYTES;
        var large = new HashComparison.OfFile(most + 1, 100, 40, FILE.hash());
        assertThat(compare(HashKv.AUTO, new HashComparison.OfFile(most, 100, 40, FILE.hash())))
                .isEqualTo(Comparison.PASSED);
        var result = compare(HashKv.AUTO, large);
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.detail()).contains("leader", String.valueOf(most + 1), "verification.hash_kv: always");
        assertThat(compare(HashKv.ALWAYS, large)).isEqualTo(Comparison.PASSED);
        member.follower();
        assertThat(compare(HashKv.AUTO, large)).isEqualTo(Comparison.PASSED);
    }
}
