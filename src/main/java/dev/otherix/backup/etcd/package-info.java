/**
 * The local etcd member. The only package that knows jetcd and gRPC.
 */
@NullMarked
package dev.otherix.backup.etcd;

import org.jspecify.annotations.NullMarked;
