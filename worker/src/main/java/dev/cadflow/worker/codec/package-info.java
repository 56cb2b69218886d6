/** Encryption of payloads, so that a Temporal server and whoever reads it see no prompt and no result. */
@NullMarked
package dev.cadflow.worker.codec;

import org.jspecify.annotations.NullMarked;
