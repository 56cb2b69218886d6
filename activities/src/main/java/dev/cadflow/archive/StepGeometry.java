package dev.cadflow.archive;

import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Measures;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects from a STEP file's instances what {@link StepBox} needs, and the length unit. Gives the box up, and frees
 * what it holds, at the first instance that moves or builds geometry in a way that is not understood here, and behind
 * {@value #MOST_INSTANCES} instances of interest.
 */
final class StepGeometry {
    private static final int MOST_INSTANCES = 200_000;
    private static final int SLOTS = 8;

    /** Assemblies place their parts by these; tessellations and facets have no edges to measure. */
    private static final Set<String> NOT_UNDERSTOOD = Set.of(
            "NEXT_ASSEMBLY_USAGE_OCCURRENCE",
            "MAPPED_ITEM",
            "ITEM_DEFINED_TRANSFORMATION",
            "REPRESENTATION_RELATIONSHIP_WITH_TRANSFORMATION",
            "CARTESIAN_TRANSFORMATION_OPERATOR_3D",
            "FACETED_BREP",
            "TESSELLATED_SOLID",
            "TESSELLATED_SHELL",
            "TRIANGULATED_FACE",
            "COMPLEX_TRIANGULATED_FACE");

    /** An instance's values by their place, brackets left out. */
    private final long[] references = new long[SLOTS];

    private final double[] numbers = new double[SLOTS];
    private final Map<Long, Double> millimetres = new HashMap<>();
    private final Map<Long, double[]> conversions = new HashMap<>();
    private final Map<Long, Long> convertedUnits = new HashMap<>();
    private final Map<Long, long[]> unitContexts = new HashMap<>();
    private @Nullable StepBox box = new StepBox();
    private long id;
    private String name = "";
    private int slot;
    private long lastReference;
    private String firstEnumeration = "";
    private String lastEnumeration = "";
    private boolean isLength;
    private double siMetres;
    private int kept;

    void begin(long instance) {
        id = instance;
        name = "";
        isLength = false;
        siMetres = Double.NaN;
    }

    void keyword(StepLexer lexer) {
        endPart();
        name = lexer.text();
        slot = 0;
        lastReference = 0;
        firstEnumeration = "";
        lastEnumeration = "";
        Arrays.fill(references, 0);
        Arrays.fill(numbers, Double.NaN);
        if (NOT_UNDERSTOOD.contains(name)) {
            box = null;
        }
    }

    void reference(long target) {
        if (slot < SLOTS) {
            references[slot] = target;
        }
        lastReference = target;
        slot++;
    }

    void number(StepLexer lexer) {
        if (slot < SLOTS && (box != null || name.endsWith("MEASURE_WITH_UNIT"))) {
            numbers[slot] = parse(lexer.text());
        }
        slot++;
    }

    void enumeration(StepLexer lexer) {
        lastEnumeration = lexer.text();
        firstEnumeration = firstEnumeration.isEmpty() ? lastEnumeration : firstEnumeration;
        slot++;
    }

    void other() {
        slot++;
    }

    void end() {
        endPart();
        name = "";
        if (isLength && !Double.isNaN(siMetres)) {
            millimetres.put(id, siMetres * 1000);
            count();
        }
    }

    /** What was measured of so many instances. */
    Measures measures(long instances) {
        Double unit = unit();
        BoundingBox size = box == null || unit == null ? null : box.size(unit);
        return new Measures(size, null, instances, unit == null ? null : unitName(unit));
    }

    private void endPart() {
        switch (name) {
            case "LENGTH_UNIT" -> isLength = true;
            case "SI_UNIT" ->
                siMetres = "METRE".equals(lastEnumeration)
                        ? prefix("METRE".equals(firstEnumeration) ? "" : firstEnumeration)
                        : Double.NaN;
            case "CONVERSION_BASED_UNIT" -> keep(convertedUnits, references[1]);
            case "LENGTH_MEASURE_WITH_UNIT", "MEASURE_WITH_UNIT" ->
                keep(conversions, new double[] {numbers[0], references[1]});
            case "GLOBAL_UNIT_ASSIGNED_CONTEXT" -> keep(unitContexts, references.clone());
            default -> geometric();
        }
    }

    private void geometric() {
        StepBox open = box;
        if (open != null && open.take(id, name, references, numbers, lastReference, lastEnumeration)) {
            count();
        }
    }

    private <T> void keep(Map<Long, T> map, T value) {
        if (kept < MOST_INSTANCES) {
            map.put(id, value);
        }
        count();
    }

    private void count() {
        if (++kept > MOST_INSTANCES) {
            box = null;
        }
    }

    /** The one length unit of all contexts, in millimetres; null where there is none or more than one. */
    private @Nullable Double unit() {
        Double only = null;
        for (long[] units : unitContexts.values()) {
            for (long unit : units) {
                Double length = length(unit);
                if (length != null && only != null && !length.equals(only)) {
                    return null;
                }
                only = length == null ? only : length;
            }
        }
        return only;
    }

    private @Nullable Double length(long unit) {
        Double si = millimetres.get(unit);
        if (si != null) {
            return si;
        }
        double[] conversion = conversions.get(convertedUnits.getOrDefault(unit, 0L));
        Double base = conversion == null ? null : millimetres.get((long) conversion[1]);
        return conversion == null || base == null ? null : conversion[0] * base;
    }

    private static double prefix(String prefix) {
        return switch (prefix) {
            case "" -> 1;
            case "KILO" -> 1e3;
            case "DECI" -> 1e-1;
            case "CENTI" -> 1e-2;
            case "MILLI" -> 1e-3;
            case "MICRO" -> 1e-6;
            case "NANO" -> 1e-9;
            default -> Double.NaN;
        };
    }

    private static @Nullable String unitName(double millimetres) {
        String[] names = {"micrometre", "millimetre", "centimetre", "inch", "foot", "metre"};
        double[] sizes = {1e-3, 1, 10, 25.4, 304.8, 1000};
        for (int i = 0; i < names.length; i++) {
            if (Math.abs(millimetres / sizes[i] - 1) < 1e-6) {
                return names[i];
            }
        }
        return null;
    }

    private static double parse(String number) {
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException unusual) {
            return Double.NaN;
        }
    }
}
