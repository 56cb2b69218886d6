/** What operators look at: liveness, readiness and metrics. */
@NullMarked
package dev.cadflow.worker.operations;

import org.jspecify.annotations.NullMarked;
