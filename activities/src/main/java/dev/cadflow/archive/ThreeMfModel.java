package dev.cadflow.archive;

import static dev.cadflow.archive.ThreeMfProof.invalid;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** The model parts of a 3MF: what objects there are, what they are made of, and what is to be built. */
final class ThreeMfModel {
    private static final String CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
    private static final String PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06";
    private static final int MOST_REFERENCES = 200_000;
    /** Ids are numbers of 31 bits, and units words of a list. */
    private static final int LONGEST_WORD = 64;

    private static final int LONGEST_PATH = 1024;
    private static final int MOST_PARTS = 10_000;

    /** An object's name: ids are unique within their part. */
    record ObjectName(String part, String id) {}

    /** An object placed in another or on the build plate. */
    record Placed(ObjectName object, Transform transform) {}

    /** An object: a mesh, or a composition. */
    record Shape(long vertices, long triangles, List<Placed> components) {}

    private final Map<ObjectName, Shape> shapes = new HashMap<>();
    private final List<Placed> items = new ArrayList<>();
    /** One copy of each part's name. */
    private final Map<String, String> parts = new HashMap<>();

    private String unit = "millimeter";
    private int references;

    Map<ObjectName, Shape> shapes() {
        return shapes;
    }

    List<Placed> items() {
        return items;
    }

    /** The unit as the file states it. */
    String unit() {
        return unit;
    }

    /**
     * Reads a part.
     *
     * @param isStart whether it is the one that says what is built
     * @return the further parts that it refers to
     */
    Set<String> read(String part, boolean isStart, InputStream in) throws InvalidCadFile, IOException {
        Reader reader = new Reader(part, isStart);
        SafeXml.read(in, reader);
        if (!reader.isModel) {
            throw invalid("a <model> of the 3MF core namespace in \"" + part + "\"", "none");
        }
        return reader.furtherParts;
    }

    /** Reads a part once more, for the corners of its meshes. */
    static void corners(String part, InputStream in, ThreeMfBuild build) throws InvalidCadFile, IOException {
        SafeXml.read(in, (name, attributes) -> {
            if (!CORE.equals(name.getNamespaceURI())) {
                return;
            }
            if ("object".equals(name.getLocalPart())) {
                build.beginMesh(new ObjectName(part, id(attributes, "id")));
            } else if ("vertex".equals(name.getLocalPart())) {
                build.corner(attributes.number("x"), attributes.number("y"), attributes.number("z"));
            }
        });
    }

    /** Takes one part in. */
    private final class Reader implements SafeXml.Elements {
        private final String part;
        private final boolean isStart;
        private final Set<String> furtherParts = new LinkedHashSet<>();
        private boolean isModel;
        private @Nullable ObjectName object;
        private List<Placed> components = new ArrayList<>();
        private long vertices;
        private long triangles;

        Reader(String part, boolean isStart) {
            this.part = part;
            this.isStart = isStart;
        }

        @Override
        public void start(QName name, SafeXml.Attributes attributes) throws InvalidCadFile {
            if (!CORE.equals(name.getNamespaceURI())) {
                return;
            }
            switch (name.getLocalPart()) {
                case "model" -> model(attributes);
                case "object" -> object(attributes);
                case "vertex" -> {
                    attributes.number("x");
                    attributes.number("y");
                    attributes.number("z");
                    vertices++;
                }
                case "triangle" -> triangle(attributes);
                case "component" -> components.add(placed(attributes));
                case "item" -> {
                    if (isStart) {
                        items.add(placed(attributes));
                    }
                }
                default -> {
                    // Materials, metadata and the like do not shape the part.
                }
            }
        }

        @Override
        public void end(QName name) throws InvalidCadFile {
            ObjectName ended = object;
            if (ended != null && "object".equals(name.getLocalPart()) && CORE.equals(name.getNamespaceURI())) {
                if (shapes.put(ended, new Shape(vertices, triangles, List.copyOf(components))) != null) {
                    throw invalid("each object once", "object " + ended.id() + " again");
                }
                object = null;
            }
        }

        private void model(SafeXml.Attributes attributes) throws InvalidCadFile {
            isModel = true;
            String stated = attributes.get("unit");
            if (isStart && stated != null) {
                unit = atMost(LONGEST_WORD, "unit", stated);
            }
        }

        private void object(SafeXml.Attributes attributes) throws InvalidCadFile {
            count();
            object = new ObjectName(part, id(attributes, "id"));
            components = new ArrayList<>();
            vertices = 0;
            triangles = 0;
        }

        private void triangle(SafeXml.Attributes attributes) throws InvalidCadFile {
            for (String corner : List.of("v1", "v2", "v3")) {
                long index = attributes.index(corner);
                if (index >= vertices) {
                    throw invalid("triangles of the mesh's " + vertices + " vertices", corner + " = " + index);
                }
            }
            triangles++;
        }

        private Placed placed(SafeXml.Attributes attributes) throws InvalidCadFile {
            count();
            String path = attributes.get(PRODUCTION, "path");
            String in = path == null ? part : furtherPart(path);
            return new Placed(new ObjectName(in, id(attributes, "objectid")), transform(attributes.get("transform")));
        }

        private String furtherPart(String path) throws InvalidCadFile {
            String name = ThreeMfProof.partName(atMost(LONGEST_PATH, "path", path));
            String known = parts.putIfAbsent(name, name);
            if (known == null && parts.size() > MOST_PARTS) {
                throw invalid("paths of at most " + MOST_PARTS + " parts", "more");
            }
            furtherParts.add(known == null ? name : known);
            return known == null ? name : known;
        }

        private void count() throws InvalidCadFile {
            if (++references > MOST_REFERENCES) {
                throw invalid("at most " + MOST_REFERENCES + " objects, components and items", "more");
            }
        }
    }

    private static String id(SafeXml.Attributes attributes, String name) throws InvalidCadFile {
        return atMost(LONGEST_WORD, name, attributes.required(name));
    }

    private static String atMost(int longest, String name, String value) throws InvalidCadFile {
        if (value.length() > longest) {
            throw invalid("at most " + longest + " characters as " + name, value.length() + " characters");
        }
        return value;
    }

    private static Transform transform(@Nullable String text) throws InvalidCadFile {
        if (text == null) {
            return Transform.IDENTITY;
        }
        String[] parts = text.strip().split("\\s+", 13);
        double[] columns = new double[12];
        try {
            for (int i = 0; i < columns.length; i++) {
                columns[i] = Double.parseDouble(parts[i]);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
            throw invalid("a transform of 12 numbers", "\"" + text.substring(0, Math.min(100, text.length())) + "\"");
        }
        return Transform.ofColumns(columns, 3);
    }
}
