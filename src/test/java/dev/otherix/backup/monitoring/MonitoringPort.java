package dev.otherix.backup.monitoring;

import dev.otherix.backup.RunningService;
import java.util.OptionalInt;

/** The port of {@code monitoring.listen} that a service got. */
public final class MonitoringPort {

    private MonitoringPort() {}

    /** Empty where it has none. */
    public static OptionalInt of(RunningService service) {
        return service.bean(MonitoringListener.class).port();
    }
}
