/** Tests of the sandbox, over HTTP. */
@NullMarked
package dev.cadflow.sandbox;

import org.jspecify.annotations.NullMarked;
