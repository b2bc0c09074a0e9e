package dev.otherix.backup.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import org.junit.jupiter.api.Test;

class ManifestsTests {

    private static final String GOOD = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: x
            data:
              key: "1"
            """;

    @Test
    void whatIsRightIsRead() {
        assertThat(Manifests.parse("---\n# nothing\n---\n" + GOOD)
                        .only(ConfigMap.class)
                        .getData())
                .containsEntry("key", "1");
    }

    @Test
    void aKeyTwiceIsRefused() {
        assertThatThrownBy(() -> Manifests.parse(GOOD + "data: {}\n")).hasMessageContaining("duplicate key data");
    }

    @Test
    void aFieldThatTheKindDoesNotHaveIsRefusedAtAnyDepth() {
        assertThatThrownBy(() -> Manifests.parse(GOOD + "dara: {}\n")).hasMessageContaining("dara");
        assertThatThrownBy(() -> Manifests.parse(GOOD.replace("name: x", "name: x\n  lables: {}")))
                .hasMessageContaining("lables");
    }

    @Test
    void aNumberWhereATextBelongsIsRefused() {
        assertThatThrownBy(() -> Manifests.parse(GOOD.replace("\"1\"", "1")))
                .hasMessageContaining("Cannot coerce Integer value (1)");
    }

    @Test
    void anotherKindOrVersionIsRefused() {
        assertThatThrownBy(() -> Manifests.parse(GOOD.replace("ConfigMap", "ClusterRole")))
                .hasMessageContaining("unexpected kind");
        assertThatThrownBy(() -> Manifests.parse(GOOD.replace("v1", "v2"))).hasMessageContaining("apiVersion");
    }
}
