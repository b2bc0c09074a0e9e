/**
 * The audit log: changes and attempted changes, refusals, downloads, and removals by retention, with the caller of
 * each.
 *
 * <p>Owns the lines and their destination. Reads the facts of a request from
 * {@link dev.otherix.backup.audit.AuditedRequest}, which the other packages fill, and does not know their controllers.
 */
@NullMarked
package dev.otherix.backup.audit;

import org.jspecify.annotations.NullMarked;
