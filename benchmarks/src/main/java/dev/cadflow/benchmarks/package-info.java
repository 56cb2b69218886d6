/** What the performance page quotes: each benchmark is a command of its own. */
@NullMarked
package dev.cadflow.benchmarks;

import org.jspecify.annotations.NullMarked;
