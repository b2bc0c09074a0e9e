package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsContainerEngine
class ContainerImageIT {

    @TempDir
    private Path cache;

    @Test
    void theProgramsOfTheImageRunHere() {
        var home = only(new ContainerImage(new HomeCache<>(cache, EtcdHome::in), ContainerEngine::answers));

        assertThat(home.version()).isEqualTo("3.6.14");
        assertThat(home.hasEtcdutl()).isTrue();
        try (var etcd = EtcdProcess.start(home)) {
            assertThat(etcd.status().version()).isEqualTo("3.6.14");
        }
    }

    private static EtcdHome only(EtcdSource source) {
        try {
            var homes = source.homes();
            assertThat(homes).hasSize(1);
            return homes.getFirst();
        } catch (NoProgramException cannotPull) {
            return Assumptions.abort(cannotPull.getMessage());
        }
    }
}
