package dev.cadflow.examples;

/**
 * What a person says of a part that was generated.
 *
 * @param part its name
 * @param approved whether it may go to the shop
 * @param reviewer who says so
 */
public record Review(String part, boolean approved, String reviewer) {}
