package dev.otherix.backup.realetcd;

import io.etcd.jetcd.api.RequestOp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The rows of one made-up control plane. The same seed and size give the same rows. */
final class OtherixRows {

    private static final Instant EPOCH = Instant.parse("2026-06-01T08:00:00Z");

    private final Random random;
    private final JsonMapper json = JsonMapper.shared();
    private final List<String> nodes;
    private final List<String> users;
    private final List<String> pools;
    private final List<String> networks;
    private final List<String> vms;
    private final List<String> jobs;

    OtherixRows(int vms, long seed) {
        this.random = new Random(seed);
        this.nodes = ids(1 + vms / 20);
        this.users = ids(2 + vms / 10);
        this.pools = ids(1 + vms / 50);
        this.networks = ids(1 + vms / 25);
        this.vms = ids(vms);
        this.jobs = ids(vms);
    }

    List<String> nodes() {
        return nodes;
    }

    /** One transaction for each new row, with the uniq and index keys that belong to it. */
    Stream<List<RequestOp>> creations() {
        return Stream.of(
                        named("users", users, this::user),
                        named("nodes", nodes, this::node),
                        named("storage_pools", pools, this::pool),
                        named("networks", networks, this::network),
                        IntStream.range(0, vms.size()).mapToObj(this::createVm),
                        IntStream.range(0, jobs.size()).mapToObj(index -> List.of(job(index, "pending", 0))))
                .flatMap(rows -> rows);
    }

    /** Each machine changes its state once, and the first half of the jobs is done. */
    Stream<List<RequestOp>> updates() {
        return Stream.concat(
                IntStream.range(0, vms.size()).mapToObj(index -> List.of(vm(index, "running"))),
                IntStream.range(0, jobs.size() / 2).mapToObj(index -> List.of(job(index, "success", 1))));
    }

    /** The first quarter of the jobs is cleared away, and every tenth machine is deleted with its other keys. */
    Stream<List<RequestOp>> deletions() {
        return Stream.concat(
                IntStream.range(0, jobs.size() / 4)
                        .mapToObj(index -> List.of(KeyWriter.delete("/otherix/jobs/" + jobs.get(index)))),
                IntStream.range(0, vms.size()).filter(index -> index % 10 == 9).mapToObj(this::deleteVm));
    }

    String json(Map<String, ? extends @Nullable Object> row) {
        return json.writeValueAsString(row);
    }

    private Stream<List<RequestOp>> named(String resource, List<String> ids, RowMaker maker) {
        return IntStream.range(0, ids.size()).mapToObj(index -> {
            var name = resource.substring(0, resource.length() - 1) + "-" + index;
            Map<String, @Nullable Object> row = base(ids.get(index), name, index);
            maker.fill(row, index);
            return List.of(
                    KeyWriter.put("/otherix/" + resource + "/" + ids.get(index), json(row)),
                    KeyWriter.put("/otherix/uniq/" + resource + "/name/" + name, ids.get(index)));
        });
    }

    private interface RowMaker {
        void fill(Map<String, @Nullable Object> row, int index);
    }

    private void user(Map<String, @Nullable Object> row, int index) {
        row.put("Email", "user-" + index + "@example.org");
        row.put("PasswordHash", "$2a$12$" + text(53));
        row.put("Role", index == 0 ? "admin" : "operator");
    }

    private void node(Map<String, @Nullable Object> row, int index) {
        row.put("Address", "10.0.%d.%d:9443".formatted(index / 250, index % 250 + 1));
        row.put("Cpus", 64);
        row.put("MemoryBytes", 512L << 30);
        row.put("State", "ready");
    }

    private void pool(Map<String, @Nullable Object> row, int index) {
        row.put("Kind", index % 2 == 0 ? "zfs" : "dir");
        row.put("CapacityBytes", 4L << 40);
    }

    private void network(Map<String, @Nullable Object> row, int index) {
        row.put("Vlan", 100 + index);
        row.put("Cidr", "10.%d.0.0/16".formatted(index % 200 + 20));
    }

    private List<RequestOp> createVm(int index) {
        var id = vms.get(index);
        return List.of(
                vm(index, "creating"),
                KeyWriter.put(uniqVm(index), id),
                KeyWriter.put(nodeIndex(index), ""),
                KeyWriter.put("/otherix/index/vms/owner/" + of(users, index) + "/" + id, ""));
    }

    private List<RequestOp> deleteVm(int index) {
        var id = vms.get(index);
        return List.of(
                KeyWriter.delete("/otherix/vms/" + id),
                KeyWriter.delete(uniqVm(index)),
                KeyWriter.delete(nodeIndex(index)),
                KeyWriter.delete("/otherix/index/vms/owner/" + of(users, index) + "/" + id));
    }

    private RequestOp vm(int index, String state) {
        Map<String, @Nullable Object> row = base(vms.get(index), "vm-" + index, index);
        row.put("OwnerID", of(users, index));
        row.put("NodeID", of(nodes, index));
        row.put("State", state);
        row.put("Cpus", 1 + index % 16);
        row.put("MemoryBytes", (1L + index % 32) << 30);
        row.put("Disks", List.of(Map.of("PoolID", of(pools, index), "SizeBytes", 40L << 30)));
        row.put("Nics", List.of(Map.of("NetworkID", of(networks, index), "Mac", "52:54:00:%06x".formatted(index))));
        row.put("CloudInit", text(400));
        return KeyWriter.put("/otherix/vms/" + vms.get(index), json(row));
    }

    private RequestOp job(int index, String status, int attempts) {
        Map<String, @Nullable Object> row = base(jobs.get(index), "vm.create", index);
        row.put("Status", status);
        row.put("Attempts", attempts);
        row.put("Payload", Map.of("VmID", vms.get(index)));
        row.put(
                "FinishedAt",
                attempts == 0 ? null : EPOCH.plusSeconds(index + 30L).toString());
        return KeyWriter.put("/otherix/jobs/" + jobs.get(index), json(row));
    }

    private String uniqVm(int index) {
        return "/otherix/uniq/vms/name/vm-" + index;
    }

    private String nodeIndex(int index) {
        return "/otherix/index/vms/node/" + of(nodes, index) + "/" + vms.get(index);
    }

    private static Map<String, @Nullable Object> base(String id, String name, int index) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("ID", id);
        row.put("Name", name);
        row.put("CreatedAt", EPOCH.plusSeconds(index).toString());
        return row;
    }

    private static String of(List<String> ids, int index) {
        return ids.get(index % ids.size());
    }

    private List<String> ids(int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(new UUID(random.nextLong(), random.nextLong()).toString());
        }
        return ids;
    }

    private String text(int length) {
        return random.ints('a', 'z' + 1)
                .limit(length)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
