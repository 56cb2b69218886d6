/** The part that the sandbox makes: a box with a through-hole, written as STEP, STL, GLB and 3MF without a CAD kernel. */
@NullMarked
package dev.cadflow.sandbox.part;

import org.jspecify.annotations.NullMarked;
