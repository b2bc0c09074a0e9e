package dev.otherix.backup.api;

import dev.otherix.backup.job.WithDirectory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers all paths that need a directory of snapshots if none is configured. */
@RestController
@ConditionalOnProperty(name = WithDirectory.PROPERTY, havingValue = NoDirectoryController.NEVER, matchIfMissing = true)
final class NoDirectoryController {

    /** Never the value of the property, which is an absolute path: only a missing one matches. */
    static final String NEVER = "none";

    @RequestMapping({"/v1/snapshots", "/v1/snapshots/{*rest}"})
    void refuse() {
        throw new ApiFailure(
                ErrorCode.CONFLICT,
                "workers.backup.dir is not set, so there are no snapshots; set it and restart the service");
    }
}
