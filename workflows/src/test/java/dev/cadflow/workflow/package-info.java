/** The workflow as its callers meet it. */
@NullMarked
package dev.cadflow.workflow;

import org.jspecify.annotations.NullMarked;
