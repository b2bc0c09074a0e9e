/**
 * The HTTP API: takes snapshots on request and shows them, in otherix's conventions.
 *
 * <p>Owns paths, JSON shapes and error codes. Decides nothing about backups: it asks the job, and every controller only
 * turns a request into a call and a value into an answer. {@code static/v1/openapi.json} describes the API.
 */
@NullMarked
package dev.otherix.backup.api;

import org.jspecify.annotations.NullMarked;
