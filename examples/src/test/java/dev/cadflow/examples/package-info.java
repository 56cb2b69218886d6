/** The examples at work, and the documents held to what really happens. */
@NullMarked
package dev.cadflow.examples;

import org.jspecify.annotations.NullMarked;
