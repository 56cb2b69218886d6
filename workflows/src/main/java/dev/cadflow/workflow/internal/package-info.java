/** How the workflow does its work. Nothing outside this module names a type of this package but to register it. */
@NullMarked
package dev.cadflow.workflow.internal;

import org.jspecify.annotations.NullMarked;
