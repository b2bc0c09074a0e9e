/**
 * Talks to the one etcd member this service backs up: who it is, whether it has applied all that was committed, and its
 * snapshot as a checked stream of bytes.
 *
 * <p>The only package that knows gRPC and the generated stubs. Each run has a connection of its own, with a fresh login
 * and freshly read certificates, and every call has a limit. What goes wrong leaves the package as an
 * {@link dev.otherix.backup.etcd.EtcdFailure} with the reason an operator acts on; whether a snapshot's content is
 * sound is not decided here.
 */
@NullMarked
package dev.otherix.backup.etcd;

import org.jspecify.annotations.NullMarked;
