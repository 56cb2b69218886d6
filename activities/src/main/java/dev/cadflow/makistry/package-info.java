/** The Makistry Generation API as this project speaks it: its client, its jobs, its errors and its quota. */
@NullMarked
package dev.cadflow.makistry;

import org.jspecify.annotations.NullMarked;
