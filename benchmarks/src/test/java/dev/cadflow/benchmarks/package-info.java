/** The benchmarks themselves, with few workflows. */
@NullMarked
package dev.cadflow.benchmarks;

import org.jspecify.annotations.NullMarked;
