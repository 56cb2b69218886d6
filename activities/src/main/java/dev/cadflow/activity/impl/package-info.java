/** The activities behind the workflow, and the one place where exceptions become failures. */
@NullMarked
package dev.cadflow.activity.impl;

import org.jspecify.annotations.NullMarked;
