/** The contract between the workflow and the activities: one input and one result record for each operation. */
@NullMarked
package dev.cadflow.activity;

import org.jspecify.annotations.NullMarked;
