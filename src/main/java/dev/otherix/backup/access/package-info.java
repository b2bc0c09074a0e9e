/**
 * Access control: bearer tokens and their scopes, the rule of each path, TLS of the API.
 *
 * <p>Owns the tokens file and the token that the first start makes. Knows nothing of what the paths do.
 */
@NullMarked
package dev.otherix.backup.access;

import org.jspecify.annotations.NullMarked;
