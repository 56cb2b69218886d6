/** Tests of the parts. */
@NullMarked
package dev.cadflow.sandbox.part;

import org.jspecify.annotations.NullMarked;
