/** The receiver of Makistry's webhooks: verifies them and passes them on as signals. */
@NullMarked
package dev.cadflow.worker.webhook;

import org.jspecify.annotations.NullMarked;
