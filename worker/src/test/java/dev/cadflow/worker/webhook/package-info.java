/** What the receiver promises. */
@NullMarked
package dev.cadflow.worker.webhook;

import org.jspecify.annotations.NullMarked;
