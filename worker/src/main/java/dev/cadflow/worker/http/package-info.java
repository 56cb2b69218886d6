/** What the worker's HTTP servers have in common. */
@NullMarked
package dev.cadflow.worker.http;

import org.jspecify.annotations.NullMarked;
