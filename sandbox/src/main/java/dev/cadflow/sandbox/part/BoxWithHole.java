package dev.cadflow.sandbox.part;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rectangular box with one round hole through it from top to bottom, in the middle. All sizes are in millimetres.
 * The box lies centred on the Z axis: x from {@code -length/2} to {@code length/2}, y likewise by its width, z from 0
 * to its height.
 *
 * @param lengthMillimetres along x, {@value #SMALLEST_MILLIMETRES} to {@value #LARGEST_MILLIMETRES}
 * @param widthMillimetres along y, in the same bounds
 * @param heightMillimetres along z, in the same bounds
 * @param holeDiameterMillimetres above 0 and at most {@value #WIDEST_HOLE} of the shorter of length and width, so that
 *     walls remain
 */
public record BoxWithHole(
        double lengthMillimetres, double widthMillimetres, double heightMillimetres, double holeDiameterMillimetres) {

    /** Sizes below this one are raised to it when they come from a prompt. */
    public static final double SMALLEST_MILLIMETRES = 0.1;

    /** Sizes above this one are lowered to it when they come from a prompt. */
    public static final double LARGEST_MILLIMETRES = 100_000;

    /** The widest hole as a share of the shorter side. */
    public static final double WIDEST_HOLE = 0.9;

    /** What a prompt without sizes gets: 40 x 20 x 10 mm with a hole of 5 mm. */
    public static final BoxWithHole DEFAULT = new BoxWithHole(40, 20, 10, 5);

    // Bounded repetitions alone: no prompt makes these patterns slow.
    private static final String NUMBER = "(\\d{1,9}(?:\\.\\d{1,9})?)";
    private static final String UNIT = "(?:\\s?(mm|cm|in))?";
    private static final String TIMES = "\\s?[xX×*]\\s?";
    private static final Pattern BOX = Pattern.compile(NUMBER + UNIT + TIMES + NUMBER + UNIT + TIMES + NUMBER + UNIT);
    private static final Pattern HOLE = Pattern.compile(
            NUMBER + "\\s?-?(mm|cm|in)(?:\\s(?:diameter|dia\\.?|wide|round|centred|centered)){0,3}"
                    + "\\s(?:through[- ]?)?(?:hole|bore)",
            Pattern.CASE_INSENSITIVE);

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the size that is out of its bounds
     */
    public BoxWithHole {
        requireWithin("lengthMillimetres", lengthMillimetres, LARGEST_MILLIMETRES);
        requireWithin("widthMillimetres", widthMillimetres, LARGEST_MILLIMETRES);
        requireWithin("heightMillimetres", heightMillimetres, LARGEST_MILLIMETRES);
        double widest = WIDEST_HOLE * Math.min(lengthMillimetres, widthMillimetres);
        if (!(holeDiameterMillimetres > 0 && holeDiameterMillimetres <= widest)) {
            throw new IllegalArgumentException("holeDiameterMillimetres: expected above 0 and at most " + widest
                    + " for this box, found " + holeDiameterMillimetres);
        }
    }

    private static void requireWithin(String name, double value, double largest) {
        if (!(value >= SMALLEST_MILLIMETRES && value <= largest)) {
            throw new IllegalArgumentException(
                    name + ": expected " + SMALLEST_MILLIMETRES + " to " + largest + ", found " + value);
        }
    }

    /**
     * Reads the sizes that a prompt gives, such as {@code 40x20x10mm}, {@code 40 x 20 x 10 mm} or {@code 40×20×10mm}
     * and {@code 5mm through-hole} or {@code 5 mm hole}; the first of each counts, {@code cm} and {@code in} are
     * converted. What is missing is taken from {@link #DEFAULT}. A size out of bounds is moved to the nearest bound,
     * and so is a hole that does not fit: any prompt gives a part.
     */
    public static BoxWithHole fromPrompt(String prompt) {
        double length = DEFAULT.lengthMillimetres;
        double width = DEFAULT.widthMillimetres;
        double height = DEFAULT.heightMillimetres;
        Matcher box = BOX.matcher(prompt);
        if (box.find()) {
            // "40x20x10mm": a unit at the end holds for all that have none of their own.
            String unit = box.group(6);
            length = size(box.group(1), box.group(2) == null ? unit : box.group(2));
            width = size(box.group(3), box.group(4) == null ? unit : box.group(4));
            height = size(box.group(5), unit);
        }
        Matcher hole = HOLE.matcher(prompt);
        double diameter = hole.find() ? millimetres(hole.group(1), hole.group(2)) : DEFAULT.holeDiameterMillimetres;
        double widest = WIDEST_HOLE * Math.min(length, width);
        return new BoxWithHole(length, width, height, clamp(diameter, widest / 100, widest));
    }

    private static double size(String number, @Nullable String unit) {
        return clamp(millimetres(number, unit), SMALLEST_MILLIMETRES, LARGEST_MILLIMETRES);
    }

    private static double millimetres(String number, @Nullable String unit) {
        double value = Double.parseDouble(number);
        if (unit == null) {
            return value;
        }
        return switch (unit) {
            case "cm" -> value * 10;
            case "in" -> value * 25.4;
            default -> value;
        };
    }

    private static double clamp(double value, double smallest, double largest) {
        return Math.max(smallest, Math.min(largest, value));
    }

    /** The volume in cubic millimetres: the box without the cylinder. */
    public double volumeCubicMillimetres() {
        double radius = holeDiameterMillimetres / 2;
        return (lengthMillimetres * widthMillimetres - Math.PI * radius * radius) * heightMillimetres;
    }
}
