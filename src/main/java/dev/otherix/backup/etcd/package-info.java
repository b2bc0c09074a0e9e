/**
 * Talks to the one etcd member that this service backs up: its status, whether it has applied all that was committed,
 * and its snapshot as a checked stream of bytes.
 *
 * <p>The only package that knows gRPC and the generated stubs. Each run has its own connection, with a new login and
 * newly read certificates, and every call has a limit. Every failure leaves the package as an
 * {@link dev.otherix.backup.etcd.EtcdFailure} with the reason that an operator acts on. Whether a snapshot's content is
 * sound is not decided here.
 */
@NullMarked
package dev.otherix.backup.etcd;

import org.jspecify.annotations.NullMarked;
