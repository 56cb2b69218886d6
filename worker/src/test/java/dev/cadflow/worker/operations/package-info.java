/** What operators are promised. */
@NullMarked
package dev.cadflow.worker.operations;

import org.jspecify.annotations.NullMarked;
