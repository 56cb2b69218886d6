/** Stores that speak S3, for the tests of every module. */
@NullMarked
package dev.cadflow.archive.testing;

import org.jspecify.annotations.NullMarked;
