/** The contract that callers depend on: the workflow, what it takes, what it answers and how it fails. */
@NullMarked
package dev.cadflow.workflow;

import org.jspecify.annotations.NullMarked;
