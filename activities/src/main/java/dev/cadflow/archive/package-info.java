/** The archive: files downloaded, proven to be what they claim, and published once with their manifests. */
@NullMarked
package dev.cadflow.archive;

import org.jspecify.annotations.NullMarked;
