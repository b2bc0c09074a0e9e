package dev.otherix.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.otherix.backup.etcd.MemberWatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Reports that the service runs, in otherix's format. Neither path calls etcd, and neither fails because of etcd or
 * backups.
 */
@RestController
final class ProbeController {

    // this is open to all callers; the reason is in the log and in health's details
    private static final String NO_ANSWER = "it does not answer correctly";

    private final MemberWatch watch;
    private final String version;

    ProbeController(MemberWatch watch, ObjectProvider<BuildProperties> build) {
        this.watch = watch;
        var built = build.getIfAvailable();
        this.version = built == null || built.getVersion() == null ? "unknown" : built.getVersion();
    }

    /** The service runs. */
    record Health(String status, String version) {}

    /** The service takes requests. */
    record Readiness(String status, String version, Map<String, Dependency> checks) {}

    /** A dependency of this service, here etcd; the error is left out while the status is ok. */
    record Dependency(
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String error) {}

    @GetMapping("/healthz")
    ResponseEntity<Health> health() {
        return json(new Health("ok", version));
    }

    @GetMapping("/readyz")
    ResponseEntity<Readiness> readiness() {
        return json(new Readiness("ok", version, Map.of("etcd", etcd())));
    }

    private Dependency etcd() {
        return watch.last()
                .map(sight -> sight.error()
                        .map(_ -> new Dependency("fail", NO_ANSWER))
                        .orElseGet(() -> new Dependency("ok", null)))
                .orElseGet(() -> new Dependency("fail", "not asked yet"));
    }

    /** Ignores Accept: a probe must not fail because of a header. */
    private static <T> ResponseEntity<T> json(T body) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
