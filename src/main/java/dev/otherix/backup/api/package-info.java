/**
 * The HTTP API: takes requests for snapshots and answers what is known of them, in otherix's own conventions.
 *
 * <p>Owns paths, JSON shapes and the error envelope. Decides nothing about backups: it asks the job, and every
 * controller only turns a request into a question and a value into an answer. The document
 * {@code static/v1/openapi.json} describes it all.
 */
@NullMarked
package dev.otherix.backup.api;

import org.jspecify.annotations.NullMarked;
