package dev.cadflow.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cadflow.sandbox.part.OutputFormat;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A submit that was found to be in order. */
record SubmitRequest(
        Endpoint endpoint,
        @Nullable String prompt,
        DesignMode designMode,
        OutputFormat outputFormat,
        @Nullable URI callbackUrl,
        ObjectNode metadata) {

    String promptOrEmpty() {
        return prompt == null ? "" : prompt;
    }
}
