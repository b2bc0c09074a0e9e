package dev.otherix.backup.history;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every change of every key, as a real member reports it to a watch of the whole range. */
public final class RecordedWatch {

    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private RecordedWatch() {}

    /** Begins with the first revision. */
    public static RecordedWatch of(ManagedChannel channel) {
        var watch = new RecordedWatch();
        WatchGrpc.newStub(channel)
                .watch(watch.new Recorder())
                .onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .setKey(ALL)
                                .setRangeEnd(ALL)
                                .setStartRevision(1))
                        .build());
        return watch;
    }

    private final class Recorder implements StreamObserver<WatchResponse> {

        @Override
        public void onNext(WatchResponse response) {
            events.addAll(response.getEventsList());
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
        }

        @Override
        public void onCompleted() {
            // the test has all it needs before
        }
    }

    /** Whether it has seen the change of this revision. */
    public boolean has(long revision) {
        if (!failures.isEmpty()) {
            throw new AssertionError("the watch ended", failures.getFirst());
        }
        return !events.isEmpty() && events.getLast().getKv().getModRevision() >= revision;
    }

    /** Whether it has seen a deletion of this key. */
    public boolean hasDeletionOf(ByteString key) {
        return events.stream()
                .anyMatch(event -> event.getType() == Event.EventType.DELETE
                        && event.getKv().getKey().equals(key));
    }

    /** The changes up to a revision, oldest first. */
    public List<Event> upTo(long revision) {
        return events.stream()
                .filter(event -> event.getKv().getModRevision() <= revision)
                .toList();
    }

    /** The keys that are there at a revision, in the order of their bytes. */
    public TreeMap<ByteString, KeyValue> at(long revision) {
        var state = new TreeMap<ByteString, KeyValue>(
                Comparator.comparing(ByteString::toByteArray, Arrays::compareUnsigned));
        for (var event : upTo(revision)) {
            var kv = event.getKv();
            if (event.getType() == Event.EventType.DELETE) {
                state.remove(kv.getKey());
            } else {
                state.put(kv.getKey(), kv);
            }
        }
        return state;
    }
}
