/** Real servers and small tools that the worker's tests share. */
@NullMarked
package dev.cadflow.worker.testing;

import org.jspecify.annotations.NullMarked;
