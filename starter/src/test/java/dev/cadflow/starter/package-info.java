/** Holds the command line to its contract: what is written where, and with which exit code. */
@NullMarked
package dev.cadflow.starter;

import org.jspecify.annotations.NullMarked;
