package dev.cadflow.sandbox.part;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes a part as STEP, ISO 10303-21 with the schema of AP214: one manifold solid of six planes and a cylinder, in
 * millimetres.
 */
final class StepWriter {

    private static final byte[] PADDING =
            "/* This comment only makes the file larger.                   */\n".getBytes(StandardCharsets.US_ASCII);
    private static final String UP = "0.,0.,1.";
    private static final String DOWN = "0.,0.,-1.";
    private static final String X = "1.,0.,0.";

    private final BoxWithHole box;
    private final StringBuilder data = new StringBuilder(16 * 1024);
    private int last;

    private StepWriter(BoxWithHole box) {
        this.box = box;
    }

    /** A file of the part; a larger one than the ordinary has comments between its header and its data. */
    static FileContent write(BoxWithHole box, long atLeastBytes) {
        FileContent head = FileContent.of(header());
        FileContent body = FileContent.of(new StepWriter(box).dataSection());
        long missing = Math.max(0, atLeastBytes - head.sizeBytes() - body.sizeBytes());
        long wholeComments = (missing + PADDING.length - 1) / PADDING.length;
        return FileContent.joined(head, FileContent.repeated(PADDING, wholeComments * PADDING.length), body);
    }

    private static String header() {
        return """
                ISO-10303-21;
                HEADER;
                FILE_DESCRIPTION(('Rectangular box with a through-hole'),'2;1');
                FILE_NAME('part.step','2026-01-01T00:00:00',(''),(''),'cadflow sandbox','cadflow sandbox','');
                FILE_SCHEMA(('AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'));
                ENDSEC;
                """;
    }

    private String dataSection() {
        int shape = product();
        int context = millimetreContext();
        int origin = placement("0.,0.,0.", UP, X);
        int solid = add("MANIFOLD_SOLID_BREP('part'," + ref(shell()) + ")");
        int representation = add(
                "ADVANCED_BREP_SHAPE_REPRESENTATION('',(" + ref(origin) + "," + ref(solid) + ")," + ref(context) + ")");
        add("SHAPE_DEFINITION_REPRESENTATION(" + ref(shape) + "," + ref(representation) + ")");
        return "DATA;\n" + data + "ENDSEC;\nEND-ISO-10303-21;\n";
    }

    private int product() {
        int application = add("APPLICATION_CONTEXT('core data for automotive mechanical design processes')");
        add("APPLICATION_PROTOCOL_DEFINITION('international standard','automotive_design',2000," + ref(application)
                + ")");
        int productContext = add("PRODUCT_CONTEXT(''," + ref(application) + ",'mechanical')");
        int product = add("PRODUCT('part','part','',(" + ref(productContext) + "))");
        add("PRODUCT_RELATED_PRODUCT_CATEGORY('part',$,(" + ref(product) + "))");
        int formation = add("PRODUCT_DEFINITION_FORMATION('',''," + ref(product) + ")");
        int definitionContext = add("PRODUCT_DEFINITION_CONTEXT('part definition'," + ref(application) + ",'design')");
        int definition = add("PRODUCT_DEFINITION('design',''," + ref(formation) + "," + ref(definitionContext) + ")");
        return add("PRODUCT_DEFINITION_SHAPE('',''," + ref(definition) + ")");
    }

    private int millimetreContext() {
        int length = add("(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))");
        int angle = add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))");
        int solidAngle = add("(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())");
        int uncertainty = add("UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE(1.E-07)," + ref(length)
                + ",'distance_accuracy_value','confusion accuracy')");
        return add("(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT((" + ref(uncertainty)
                + "))GLOBAL_UNIT_ASSIGNED_CONTEXT((" + ref(length) + "," + ref(angle) + "," + ref(solidAngle)
                + "))REPRESENTATION_CONTEXT('',''))");
    }

    private int shell() {
        double x = box.lengthMillimetres() / 2;
        double y = box.widthMillimetres() / 2;
        double top = box.heightMillimetres();
        // Corners counter-clockwise as seen from above; those of the top follow those of the bottom.
        double[][] corners = {
            {-x, -y, 0}, {x, -y, 0}, {x, y, 0}, {-x, y, 0}, {-x, -y, top}, {x, -y, top}, {x, y, top}, {-x, y, top}
        };
        int[] vertices = new int[8];
        for (int i = 0; i < 8; i++) {
            vertices[i] = vertex(xyz(corners[i][0], corners[i][1], corners[i][2]));
        }
        String[] along = {X, "0.,1.,0.", "-1.,0.,0.", "0.,-1.,0."};
        int[] bottom = new int[4];
        int[] upper = new int[4];
        int[] upright = new int[4];
        for (int i = 0; i < 4; i++) {
            int next = (i + 1) % 4;
            bottom[i] = straightEdge(vertices[i], vertices[next], xyz(corners[i][0], corners[i][1], 0), along[i]);
            upper[i] =
                    straightEdge(vertices[4 + i], vertices[4 + next], xyz(corners[i][0], corners[i][1], top), along[i]);
            upright[i] = straightEdge(vertices[i], vertices[4 + i], xyz(corners[i][0], corners[i][1], 0), UP);
        }
        int[] faces = new int[7];
        String[] outward = {"0.,-1.,0.", X, "0.,1.,0.", "-1.,0.,0."};
        for (int i = 0; i < 4; i++) {
            int plane = plane(xyz(corners[i][0], corners[i][1], 0), outward[i], along[i]);
            int loop = loop(bottom[i], upright[(i + 1) % 4], -upper[i], -upright[i]);
            faces[i] = face(plane, true, outerBound(loop));
        }
        addFacesOfTheHole(faces, bottom, upper);
        return add("CLOSED_SHELL(''," + refs(faces) + ")");
    }

    /** Bottom and top, in which the hole opens, and the cylinder between them. */
    private void addFacesOfTheHole(int[] faces, int[] bottom, int[] upper) {
        double radius = box.holeDiameterMillimetres() / 2;
        double top = box.heightMillimetres();
        int lowVertex = vertex(xyz(radius, 0, 0));
        int highVertex = vertex(xyz(radius, 0, top));
        int lowCircle = circleEdge(lowVertex, xyz(0, 0, 0), radius);
        int highCircle = circleEdge(highVertex, xyz(0, 0, top), radius);
        int seam = straightEdge(lowVertex, highVertex, xyz(radius, 0, 0), UP);
        faces[4] = face(
                plane(xyz(0, 0, 0), DOWN, X),
                true,
                outerBound(loop(-bottom[3], -bottom[2], -bottom[1], -bottom[0])),
                innerBound(loop(lowCircle)));
        faces[5] = face(plane(xyz(0, 0, top), UP, X), true, outerBound(loop(upper)), innerBound(loop(-highCircle)));
        int cylinder = add("CYLINDRICAL_SURFACE(''," + ref(placement("0.,0.,0.", UP, X)) + "," + radius + ")");
        // The material lies outside the cylinder: its face looks at the axis, against the surface's own normal.
        faces[6] = face(cylinder, false, outerBound(loop(-lowCircle, seam, highCircle, -seam)));
    }

    private int vertex(String at) {
        return add("VERTEX_POINT(''," + ref(point(at)) + ")");
    }

    private int straightEdge(int from, int to, String start, String direction) {
        int vector = add("VECTOR(''," + ref(direction(direction)) + ",1.)");
        int line = add("LINE(''," + ref(point(start)) + "," + ref(vector) + ")");
        return add("EDGE_CURVE(''," + ref(from) + "," + ref(to) + "," + ref(line) + ",.T.)");
    }

    private int circleEdge(int vertex, String centre, double radius) {
        int circle = add("CIRCLE(''," + ref(placement(centre, UP, X)) + "," + radius + ")");
        return add("EDGE_CURVE(''," + ref(vertex) + "," + ref(vertex) + "," + ref(circle) + ",.T.)");
    }

    private int plane(String at, String normal, String reference) {
        return add("PLANE(''," + ref(placement(at, normal, reference)) + ")");
    }

    /** A loop of edges; a negative number is an edge that is run through against its own direction. */
    private int loop(int... edges) {
        int[] oriented = IntStream.of(edges)
                .map(edge -> add("ORIENTED_EDGE('',*,*," + ref(Math.abs(edge)) + "," + logical(edge > 0) + ")"))
                .toArray();
        return add("EDGE_LOOP(''," + refs(oriented) + ")");
    }

    private int outerBound(int loop) {
        return add("FACE_OUTER_BOUND(''," + ref(loop) + ",.T.)");
    }

    private int innerBound(int loop) {
        return add("FACE_BOUND(''," + ref(loop) + ",.T.)");
    }

    private int face(int surface, boolean sameSense, int... bounds) {
        return add("ADVANCED_FACE(''," + refs(bounds) + "," + ref(surface) + "," + logical(sameSense) + ")");
    }

    private int placement(String at, String axis, String reference) {
        return add("AXIS2_PLACEMENT_3D(''," + ref(point(at)) + "," + ref(direction(axis)) + ","
                + ref(direction(reference)) + ")");
    }

    private int point(String at) {
        return add("CARTESIAN_POINT('',(" + at + "))");
    }

    private int direction(String direction) {
        return add("DIRECTION('',(" + direction + "))");
    }

    private int add(String entity) {
        last++;
        data.append('#').append(last).append('=').append(entity).append(";\n");
        return last;
    }

    private static String ref(int number) {
        return "#" + number;
    }

    private static String refs(int... numbers) {
        return IntStream.of(numbers).mapToObj(StepWriter::ref).collect(Collectors.joining(",", "(", ")"));
    }

    private static String xyz(double x, double y, double z) {
        return x + "," + y + "," + z;
    }

    private static String logical(boolean value) {
        return value ? ".T." : ".F.";
    }
}
