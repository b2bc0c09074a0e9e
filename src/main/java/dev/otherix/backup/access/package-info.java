/**
 * Access control: bearer tokens and their scopes, the rule of each path, TLS of the API, and the shape of an error
 * answer.
 *
 * <p>Owns the tokens file and the token that the first start makes. Knows nothing of what the paths do.
 */
@NullMarked
package dev.otherix.backup.access;

import org.jspecify.annotations.NullMarked;
