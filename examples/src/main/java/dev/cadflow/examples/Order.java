package dev.cadflow.examples;

import java.math.BigDecimal;
import java.util.List;

/**
 * An order of a customer's.
 *
 * @param number as the order system has it; names the workflows of its parts, so that each part is bought once
 * @param parts what to make
 * @param budget what it may cost at most
 */
public record Order(String number, List<Part> parts, BigDecimal budget) {
    /** Copies the parts. */
    public Order {
        parts = List.copyOf(parts);
    }

    /**
     * A part of the order.
     *
     * @param name unique in its order
     * @param description what Makistry is asked for
     */
    public record Part(String name, String description) {}
}
