package dev.otherix.backup.cli;

import java.util.Optional;

/**
 * A store as the options name it; what they leave out is in AWS's own variables.
 *
 * @param url {@code s3://BUCKET[/PREFIX]} or {@code file:///PATH}
 */
record FromUrl(
        String url, Optional<String> endpoint, Optional<String> region, Optional<String> caFile, boolean pathStyle) {}
