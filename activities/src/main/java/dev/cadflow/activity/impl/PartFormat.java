package dev.cadflow.activity.impl;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads one record of a list of parts. */
interface PartFormat {
    /**
     * The request with its {@code name}, as a JSON object; what is in it is not checked.
     *
     * @throws BrokenPart where the record is none
     */
    ObjectNode read(byte[] record) throws BrokenPart;

    /** A record that is no request. */
    final class BrokenPart extends Exception {
        private static final long serialVersionUID = 1L;

        /** Says what was expected and what was found. */
        BrokenPart(String message) {
            super(message);
        }
    }
}
