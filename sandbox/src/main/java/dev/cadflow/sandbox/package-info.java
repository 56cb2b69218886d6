/**
 * A faithful stand-in for the Makistry Generation API, for tests and for a first try: it makes real parts, signs real
 * webhooks, keeps the vendor's limits, and has faults on demand. Start with {@link dev.cadflow.sandbox.SandboxServer}.
 *
 * <p>Where the vendor's documents leave something open, the sandbox takes the stricter reading, so that what works here
 * works there. It relaxes one rule: a {@code callback_url} may be plain http where its host is a loopback address.
 */
@NullMarked
package dev.cadflow.sandbox;

import org.jspecify.annotations.NullMarked;
