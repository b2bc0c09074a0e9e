package dev.otherix.backup.realetcd;

import org.testcontainers.DockerClientFactory;

/** The container engine that Testcontainers finds, if any. */
final class ContainerEngine {

    private ContainerEngine() {}

    /** Whether one answers. Testcontainers looks once per JVM; the first call may take seconds. */
    static boolean answers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
