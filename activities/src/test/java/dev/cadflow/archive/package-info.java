/** The archive, tried through its public face. */
@NullMarked
package dev.cadflow.archive;

import org.jspecify.annotations.NullMarked;
