package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTests {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path root;

    private void write(String file, String content) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    @Test
    void withoutControlGroupsTheMemoryOfTheSystemCounts() throws IOException {
        write("proc/meminfo", "MemTotal:       4000000 kB\nMemFree:  1 kB\nMemAvailable:    1024 kB\n");

        assertThat(new ControlGroup(root).available()).isEmpty();
        assertThat(EtcdMemory.available(root)).isEqualTo(MIB);
    }

    @Test
    void theLeastOfAllLimitsAboveCountsInVersionTwo() throws IOException {
        write("proc/self/cgroup", "0::/system.slice/backup.service\n");
        write("sys/fs/cgroup/system.slice/backup.service/memory.max", "max\n");
        write("sys/fs/cgroup/system.slice/backup.service/memory.high", (300 * MIB) + "\n");
        write("sys/fs/cgroup/system.slice/backup.service/memory.current", (120 * MIB) + "\n");
        write(
                "sys/fs/cgroup/system.slice/backup.service/memory.stat",
                "anon 5\ninactive_file " + 15 * MIB + "\nactive_file " + 5 * MIB + "\n");
        write("sys/fs/cgroup/system.slice/memory.max", (1000 * MIB) + "\n");
        write("sys/fs/cgroup/system.slice/memory.current", (900 * MIB) + "\n");

        assertThat(new ControlGroup(root).available()).hasValue(100 * MIB);
        write("sys/fs/cgroup/system.slice/memory.current", (400 * MIB) + "\n");
        assertThat(new ControlGroup(root).available()).hasValue(200 * MIB);
    }

    @Test
    void aContainerSeesItsLimitAtTheTopOfVersionOne() throws IOException {
        write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/0123\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", (200 * MIB) + "\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", (80 * MIB) + "\n");
        write("sys/fs/cgroup/memory/memory.stat", "total_inactive_file " + 30 * MIB + "\n");

        assertThat(new ControlGroup(root).available()).hasValue(150 * MIB);
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertThat(new ControlGroup(root).available()).isEmpty();
    }

    @Test
    void whereTheKernelEndsAWholeGroupIsSeenInEachGroupAbove() throws IOException {
        write("proc/self/cgroup", "0::/pod/container\n");
        write("sys/fs/cgroup/pod/container/memory.oom.group", "0\n");
        assertThat(new ControlGroup(root).endsTogether()).isFalse();
        write("sys/fs/cgroup/pod/memory.oom.group", "1\n");
        assertThat(new ControlGroup(root).endsTogether()).isTrue();
    }

    @Test
    void aContainerSeesItsOwnGroupAtTheTop() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.oom.group", "1\n");
        assertThat(new ControlGroup(root).endsTogether()).isTrue();
    }

    @Test
    void versionOneEndsOneProcess() throws IOException {
        write("proc/self/cgroup", "4:memory:/docker/0123\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", (200 * MIB) + "\n");
        assertThat(new ControlGroup(root).endsTogether()).isFalse();
        Files.delete(root.resolve("proc/self/cgroup"));
        assertThat(new ControlGroup(root).endsTogether()).isFalse();
    }
}
