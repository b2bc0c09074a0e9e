/**
 * The audit log: who changed or tried to change something, who was refused, what was downloaded, and what retention
 * removed.
 *
 * <p>Owns the lines and where they go. Learns about a request from {@link dev.otherix.backup.audit.AuditedRequest},
 * which the other packages fill, and knows none of their controllers.
 */
@NullMarked
package dev.otherix.backup.audit;

import org.jspecify.annotations.NullMarked;
