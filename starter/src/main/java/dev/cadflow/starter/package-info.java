/** The {@code cadflow} command line: one class a command, and what they share. */
@NullMarked
package dev.cadflow.starter;

import org.jspecify.annotations.NullMarked;
