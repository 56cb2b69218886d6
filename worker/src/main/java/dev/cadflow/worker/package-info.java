/** The worker process: its configuration, its parts and how they start and stop. */
@NullMarked
package dev.cadflow.worker;

import org.jspecify.annotations.NullMarked;
