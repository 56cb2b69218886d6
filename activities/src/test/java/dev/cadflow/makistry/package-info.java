/** Makistry's API, spoken to a real server. */
@NullMarked
package dev.cadflow.makistry;

import org.jspecify.annotations.NullMarked;
