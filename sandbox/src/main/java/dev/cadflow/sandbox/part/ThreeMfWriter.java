package dev.cadflow.sandbox.part;

import java.nio.charset.StandardCharsets;

/** Writes a part as 3MF: an OPC package with one model in millimetres, one object and one build item. */
final class ThreeMfWriter {

    private static final String CONTENT_TYPES = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
              <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
              <Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
              <Default Extension="txt" ContentType="text/plain"/>
            </Types>
            """;
    private static final String RELATIONSHIPS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
              <Relationship Id="rel0" Target="/3D/3dmodel.model" \
            Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
            </Relationships>
            """;
    private static final byte[] PADDING = "This text only makes the file larger.\n".getBytes(StandardCharsets.US_ASCII);

    private ThreeMfWriter() {}

    /** A file of the part; a larger one than the ordinary carries a text entry that nothing refers to. */
    static FileContent write(BoxWithHole box, long atLeastBytes) {
        FileContent model = FileContent.of(model(BoxMesh.of(box)));
        long ordinary = archive(model).finish().sizeBytes();
        if (atLeastBytes <= ordinary) {
            return archive(model).finish();
        }
        return archive(model)
                .add("Metadata/padding.txt", FileContent.repeated(PADDING, atLeastBytes - ordinary))
                .finish();
    }

    private static StoredZip archive(FileContent model) {
        return new StoredZip()
                .add("[Content_Types].xml", FileContent.of(CONTENT_TYPES))
                .add("_rels/.rels", FileContent.of(RELATIONSHIPS))
                .add("3D/3dmodel.model", model);
    }

    private static String model(BoxMesh mesh) {
        StringBuilder xml = new StringBuilder(64 * 1024);
        xml.append("""
                <?xml version="1.0" encoding="UTF-8"?>
                <model unit="millimeter" xml:lang="en" \
                xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">
                <metadata name="Application">cadflow sandbox</metadata>
                <resources><object id="1" type="model"><mesh><vertices>
                """);
        double[] xyz = new double[3];
        for (int vertex = 0; vertex < mesh.vertices(); vertex++) {
            mesh.position(vertex, xyz);
            xml.append("<vertex x=\"").append(xyz[0]).append("\" y=\"").append(xyz[1]);
            xml.append("\" z=\"").append(xyz[2]).append("\"/>\n");
        }
        xml.append("</vertices><triangles>\n");
        for (int triangle = 0; triangle < mesh.triangles(); triangle++) {
            xml.append("<triangle v1=\"").append(mesh.vertexOf(triangle, 0));
            xml.append("\" v2=\"").append(mesh.vertexOf(triangle, 1));
            xml.append("\" v3=\"").append(mesh.vertexOf(triangle, 2)).append("\"/>\n");
        }
        xml.append("</triangles></mesh></object></resources>\n<build><item objectid=\"1\"/></build>\n</model>\n");
        return xml.toString();
    }
}
