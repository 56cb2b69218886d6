/** What encryption promises. */
@NullMarked
package dev.cadflow.worker.codec;

import org.jspecify.annotations.NullMarked;
