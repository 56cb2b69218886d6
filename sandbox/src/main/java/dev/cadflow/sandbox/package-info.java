/**
 * A faithful stand-in for the Makistry Generation API, for tests and for a first try: it makes real parts, signs real
 * webhooks, keeps the vendor's limits, and has faults on demand. Start with {@link dev.cadflow.sandbox.SandboxServer}.
 *
 * <p>Where the vendor's documents leave something open, the sandbox takes the stricter reading, so that what works here
 * works there. It relaxes one rule: a {@code callback_url} may be plain http where its host is a loopback address.
 *
 * <p>Tests and people steer it by the Java face of the server or, over HTTP, below {@code /sandbox} beside the API. These
 * calls need no key, count toward no quota, and are refused to web pages:
 *
 * <ul>
 *   <li>{@code GET /sandbox/state}: counts, jobs with the tries to deliver their webhooks, faults that wait to strike
 *   <li>{@code POST /sandbox/faults}: a {@link dev.cadflow.sandbox.Fault} as a JSON object, or an array of them; its values
 *       in snake case, {@code count} for how often it strikes, {@code match} with {@code metadata_key},
 *       {@code metadata_value}, {@code prompt_contains}, {@code job_id}, and {@code hold} as an ISO 8601 duration.
 *       {@code GET} shows and {@code DELETE} takes back what has not struck
 *   <li>{@code POST /sandbox/jobs/{job_id}/finish}: ends a job now; with success, unless the body says
 *       {@code {"status": "failed", "error_code": "…", "error_message": "…"}}
 *   <li>{@code POST /sandbox/jobs/{job_id}/expire}: its 30 days are over
 *   <li>{@code POST /sandbox/pause} and {@code /sandbox/resume}: no job ends by itself in between
 *   <li>{@code POST /sandbox/reset}: forgets jobs, idempotency keys, counts, quota and faults
 * </ul>
 *
 * <p>For example: {@code {"target": "submit", "kind": "cut_after", "count": 1, "match": {"prompt_contains": "box"}}}.
 */
@NullMarked
package dev.cadflow.sandbox;

import org.jspecify.annotations.NullMarked;
