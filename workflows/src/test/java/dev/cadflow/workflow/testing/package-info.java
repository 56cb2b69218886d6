/** A real Temporal server for tests, here and in the modules that depend on this one. */
@NullMarked
package dev.cadflow.workflow.testing;

import org.jspecify.annotations.NullMarked;
