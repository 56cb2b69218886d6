/** What a worker promises. */
@NullMarked
package dev.cadflow.worker;

import org.jspecify.annotations.NullMarked;
