/**
 * Who may do what, and who did it: bearer tokens and their scopes, the rule of each path, TLS of the API, the audit log.
 *
 * <p>Owns the tokens' file, the token that the first start makes, and the audit log's file. Knows nothing of what the paths do.
 */
@NullMarked
package dev.otherix.backup.access;

import org.jspecify.annotations.NullMarked;
