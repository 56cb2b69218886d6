/** Larger workflows that embed cadflow. They depend on the contract alone, as a user's own would. */
@NullMarked
package dev.cadflow.examples;

import org.jspecify.annotations.NullMarked;
