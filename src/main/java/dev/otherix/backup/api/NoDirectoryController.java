package dev.otherix.backup.api;

import dev.otherix.backup.job.DirectoryAtStart;
import dev.otherix.backup.job.WithDirectory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers all paths that need a directory of snapshots if none is configured, or if it did not answer at the start. */
@RestController
@ConditionalOnProperty(name = WithDirectory.PROPERTY, havingValue = NoDirectoryController.NEVER, matchIfMissing = true)
final class NoDirectoryController {

    /** Never a path: what the start puts in its place if the directory does not answer. */
    static final String NEVER = "false";

    private final ObjectProvider<DirectoryAtStart> waiting;

    NoDirectoryController(ObjectProvider<DirectoryAtStart> waiting) {
        this.waiting = waiting;
    }

    @RequestMapping({"/v1/snapshots", "/v1/snapshots/{*rest}"})
    void refuse() {
        waiting.ifAvailable(directory -> {
            throw new ApiFailure(ErrorCode.DIRECTORY_FAILED, directory.problem());
        });
        throw new ApiFailure(
                ErrorCode.CONFLICT,
                "workers.backup.dir is not set, so there are no snapshots; set it and restart the service");
    }
}
