/** The activities as Temporal runs them. */
@NullMarked
package dev.cadflow.activity.impl;

import org.jspecify.annotations.NullMarked;
