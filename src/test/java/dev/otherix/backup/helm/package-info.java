/** The Helm chart, rendered by Helm itself, without a cluster and without network. */
@NullMarked
package dev.otherix.backup.helm;

import org.jspecify.annotations.NullMarked;
