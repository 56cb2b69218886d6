package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cadflow.workflow.OutputFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that were damaged, or made to hurt who reads them; each is refused with a reason, in bounded memory. */
final class HostileFileTest {
    private static final String STEP_HEAD = "ISO-10303-21;HEADER;FILE_SCHEMA(('X'));ENDSEC;DATA;";
    private static final String STEP_TAIL = "ENDSEC;END-ISO-10303-21;";
    private static final String MODEL = "3d/3dmodel.model";
    private static final String MESH = "<mesh><vertices><vertex x='0' y='0' z='0'/><vertex x='1' y='0' z='0'/>"
            + "<vertex x='0' y='1' z='0'/></vertices><triangles><triangle v1='0' v2='1' v3='2'/></triangles></mesh>";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    @Test
    void aStepFileRefersToNothingThatIsNotThere() throws IOException {
        assertThat(step("#1=A(#2);")).contains("#2").contains("found none");
        assertThat(step("#1=A();#1=B();")).contains("#1 again");
        assertThat(step("#1=A(#2);#2=B(#1);")).isEqualTo("accepted");
    }

    @Test
    void aStepFileKeepsToItsGrammar() throws IOException {
        assertThat(step("#1=A(1,,2);")).contains("expected a value");
        assertThat(step("#1=A(1;")).contains("expected \")\"");
        assertThat(step("#1=A('x);")).contains("end of a string");
        assertThat(step("#1=A(1.2.3);")).contains("expected a number");
        assertThat(step("#1 A();")).contains("expected \"=\"");
        assertThat(step("#1=A(.T);")).contains("enumeration");
        assertThat(step("#1=A();\u0000")).contains("0x00");
        assertThat(step("")).contains("at least one instance");
        assertThat(step("#1=A('it''s; #7 /* no comment');")).isEqualTo("accepted");
        assertThat(step("#1=(A(1)B(*,$,.T.,\"0F\",(#1)));")).isEqualTo("accepted");
    }

    @Test
    void aStepFileEndsWhereItEnds() throws IOException {
        assertThat(refusal(STEP_HEAD + "#1=A();" + STEP_TAIL + "x", OutputFormat.STEP))
                .contains("nothing behind");
        assertThat(refusal("\u00ef\u00bb\u00bf" + STEP_HEAD + "#1=A();" + STEP_TAIL, OutputFormat.STEP))
                .contains("0xef");
    }

    @Test
    void aStepFileMayHaveTheSectionsOfEditionThree() throws IOException {
        String head = "ISO-10303-21;HEADER;FILE_SCHEMA(('X'));ENDSEC;";
        String anchor = "ANCHOR;<hole>=#1;<axis>=(#1,2.5);ENDSEC;";
        String reference = "REFERENCE;#7=<other.stp#bolt>;@8=<other.stp#length>;ENDSEC;";
        String data = "DATA('first',('X'));#1=A(#7,@8);ENDSEC;DATA('second',('X'));#2=B(#1);ENDSEC;";
        String tail = "END-ISO-10303-21;";

        assertThat(refusal(head + anchor + reference + data + tail, OutputFormat.STEP))
                .isEqualTo("accepted");
        assertThat(refusal(head + anchor.replace("#1", "#3") + reference + data + tail, OutputFormat.STEP))
                .contains("#3");
        assertThat(refusal(head + anchor + data + tail, OutputFormat.STEP)).contains("which others refer to");
        assertThat(refusal(head + anchor + reference + tail, OutputFormat.STEP)).contains("a DATA section");
    }

    @Test
    void aStepFileOfAMillionReferencesIsRead() throws IOException {
        StringBuilder data = new StringBuilder("#1=A(#1");
        for (int i = 0; i < 1_000_000; i++) {
            data.append(",#1");
        }

        assertThat(step(data.append(");").toString())).isEqualTo("accepted");
    }

    @Test
    void aStepFileDoesNotScatterItsNumbersOrNestForEver() throws IOException {
        StringBuilder scattered = new StringBuilder();
        for (long i = 1; i < 50_000; i++) {
            scattered.append('#').append(i * 1_000_003).append("=A();");
        }

        assertThat(step(scattered.toString())).contains("scattered");
        assertThat(step("#1=A" + "(".repeat(100_000) + ")".repeat(100_000) + ";"))
                .contains("brackets in each other");
        assertThat(step("#1=" + "A".repeat(10_000) + "();")).contains("a word of at most");
        assertThat(step("#" + "9".repeat(30) + "=A();")).contains("digits");
    }

    @Test
    void aBinaryStlHasTheLengthThatItsCountSays() throws IOException {
        byte[] stl = Corpus.bytes("gmsh-binary.stl");
        stl[80] ^= 1;
        assertThat(refusal(stl, OutputFormat.STL)).contains("bytes");

        byte[] huge = Corpus.bytes("gmsh-binary.stl");
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putInt(80, -1);
        assertThat(refusal(huge, OutputFormat.STL)).contains("4294967295 facets");
    }

    @Test
    void aBinaryStlHoldsNumbersAndNoHoles() throws IOException {
        byte[] notANumber = Corpus.bytes("gmsh-binary.stl");
        ByteBuffer.wrap(notANumber).order(ByteOrder.LITTLE_ENDIAN).putFloat(84 + 50 + 12, Float.NaN);
        assertThat(refusal(notANumber, OutputFormat.STL)).contains("found NaN in facet 1");

        byte[] hole = Corpus.bytes("trimesh-binary.stl");
        java.util.Arrays.fill(hole, 1024, 1024 + 2048, (byte) 0);
        assertThat(refusal(hole, OutputFormat.STL)).contains("hole of zeros");

        byte[] nothing = new byte[84 + 50];
        nothing[80] = 1;
        assertThat(refusal(nothing, OutputFormat.STL)).contains("one point");
    }

    @Test
    void anAsciiStlKeepsToItsGrammar() throws IOException {
        String stl = new String(Corpus.bytes("gmsh-ascii.stl"), ISO_8859_1);
        assertThat(refusal(stl.replaceFirst("endloop", "endlop"), OutputFormat.STL))
                .contains("endloop");
        assertThat(refusal(stl.replaceFirst("vertex \\S+", "vertex nan"), OutputFormat.STL))
                .contains("finite");
        assertThat(refusal(stl.replaceFirst("vertex \\S+", "vertex 1x2"), OutputFormat.STL))
                .contains("1x2");
        assertThat(refusal("solid a\nendsolid a\n", OutputFormat.STL)).contains("at least one facet");
        assertThat(refusal("solid " + "a".repeat(1 << 20), OutputFormat.STL)).contains("a name of at most");
    }

    @Test
    void aThreeMfHasWhatAPackageNeeds() throws IOException {
        assertThat(threeMf(parts -> parts)).isEqualTo("accepted");
        assertThat(threeMf(parts -> without(parts, "[Content_Types].xml"))).contains("[Content_Types].xml");
        assertThat(threeMf(parts -> without(parts, "_rels/.rels"))).contains("_rels/.rels");
        assertThat(threeMf(parts -> without(parts, MODEL))).contains("part \"3d/3dmodel.model\"");
        assertThat(threeMf(parts -> with(parts, "_rels/.rels", "<Relationships/>")))
                .contains("3D model");
        assertThat(threeMf(parts -> with(
                        parts,
                        MODEL,
                        modelXml(object(MESH), "<item objectid='1'/>").replaceAll(" xmlns='[^']*'", ""))))
                .contains("core namespace");
    }

    @Test
    void aThreeMfModelIsSound() throws IOException {
        assertThat(model(object(MESH), "")).contains("at least one build item");
        assertThat(model(object(MESH), "<item objectid='2'/>")).contains("object 2");
        assertThat(model(object(MESH.replace("v3='2'", "v3='3'")), "<item objectid='1'/>"))
                .contains("v3 = 3");
        assertThat(model(object(MESH.replace("x='1'", "x='1e999'")), "<item objectid='1'/>"))
                .contains("finite");
        assertThat(model(object("<components><component objectid='1'/></components>"), "<item objectid='1'/>"))
                .contains("within itself");
        assertThat(model(object(MESH), "<item objectid='1' transform='1 0 0'/>"))
                .contains("12 numbers");
        assertThat(model(object(""), "<item objectid='1'/>")).contains("at least one triangle");
        assertThat(model(object(MESH), "<item objectid='" + "1".repeat(65) + "'/>"))
                .contains("64 characters as objectid");
        String unknown = modelXml(object(MESH), "<item objectid='1'/>").replace("millimeter", "m".repeat(65));
        assertThat(threeMf(parts -> with(parts, MODEL, unknown))).contains("64 characters as unit");
    }

    @Test
    void aThreeMfCannotMultiplyItself() throws IOException {
        StringBuilder objects = new StringBuilder(object(MESH));
        for (int id = 2; id < 40; id++) {
            String component = "<component objectid='" + (id - 1) + "'/>";
            objects.append("<object id='" + id + "'><components>" + component + component + "</components></object>");
        }

        assertThat(model(objects.toString(), "<item objectid='39'/>")).isEqualTo("accepted");
    }

    @Test
    void aThreeMfHasNoDtdAndFetchesNothing() throws IOException {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            String outside = "SYSTEM 'http://127.0.0.1:" + server.getAddress().getPort() + "/";
            for (String type : List.of(
                    "<!DOCTYPE model>",
                    "<!DOCTYPE model [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>",
                    "<!DOCTYPE model [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
                    "<!DOCTYPE model " + outside + "type'>",
                    "<!DOCTYPE model [<!ENTITY a " + outside + "entity'>]>",
                    "<!DOCTYPE model [<!ENTITY % a " + outside + "parameter'>%a;]>")) {
                String sound = modelXml(object(MESH), "<item objectid='1'/>");
                assertThat(threeMf(parts -> with(parts, MODEL, type + sound)))
                        .as(type)
                        .isEqualTo("3MF: expected XML without DTD, found one");
            }
        } finally {
            server.stop(0);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aThreeMfIsNoXmlBomb() throws IOException {
        assertThat(threeMf(parts -> with(parts, MODEL, "<a>".repeat(10_000)))).contains("deep");
        assertThat(threeMf(parts -> with(parts, MODEL, "<a b='" + "x".repeat(2 << 20) + "'/>")))
                .contains("longer than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<model a='\u00c3('/>", "<?xml version='1.0' encoding='no-such'?><m/>", "\u00fe\u00ff\u00d8"})
    void aThreeMfInAnotherEncodingIsInvalidAndNoTroubleOfTheDisk(String xml) throws IOException {
        assertThat(threeMf(parts -> with(parts, MODEL, xml))).startsWith("3MF: expected XML");
    }

    @Test
    void aThreeMfTellsItsProgressInEveryReading() throws Exception {
        String vertices = "<vertices>" + "<vertex x='0' y='0' z='1'/>".repeat(100_000);
        byte[] file = package3mf(parts ->
                with(parts, MODEL, modelXml(object(MESH.replace("<vertices>", vertices)), "<item objectid='1'/>")));
        List<Long> told = new ArrayList<>();
        new CadFormatCheck().prove(Files.write(scratch.resolve("large.3mf"), file), OutputFormat.THREE_MF, told::add);

        // 2.7 MB are read for the checksum, for the model and for its box, 64 KiB at once at most.
        assertThat(told).hasSizeGreaterThan(3 * 41).isSorted().endsWith((long) file.length);
    }

    @Test
    void aThreeMfIsNoZipBomb() throws IOException {
        assertThat(threeMf(parts -> with(parts, "bomb", "0".repeat(64 << 20)))).contains("in all entries");
        assertThat(threeMf(parts -> {
                    for (int i = 0; i < 11_000; i++) {
                        parts.put("entry-" + i, "");
                    }
                    return parts;
                }))
                .contains("at most 10000 entries");
    }

    @Test
    void aThreeMfShowsEveryFlipInItsEntries() throws IOException {
        byte[] whole = Corpus.bytes("trimesh.3mf");
        int accepted = 0;
        for (int at = 200; at < whole.length - 600; at += 37) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            accepted += Corpus.refusal(scratch, flipped, OutputFormat.THREE_MF) == null ? 1 : 0;
        }

        // The few that pass are flips in local headers, whose facts stand in the directory too.
        assertThat(accepted).isLessThan(5);
    }

    private String step(String data) throws IOException {
        return refusal(STEP_HEAD + data + STEP_TAIL, OutputFormat.STEP);
    }

    private String refusal(String content, OutputFormat format) throws IOException {
        return refusal(content.getBytes(ISO_8859_1), format);
    }

    private String refusal(byte[] content, OutputFormat format) throws IOException {
        String refusal = Corpus.refusal(scratch, content, format);
        return refusal == null ? "accepted" : refusal;
    }

    private String model(String objects, String items) throws IOException {
        return threeMf(parts -> with(parts, MODEL, modelXml(objects, items)));
    }

    private static String modelXml(String objects, String items) {
        return "<model unit='millimeter' xmlns='http://schemas.microsoft.com/3dmanufacturing/core/2015/02'><resources>"
                + objects + "</resources><build>" + items + "</build></model>";
    }

    private static String object(String content) {
        return "<object id='1'>" + content + "</object>";
    }

    private String threeMf(UnaryOperator<Map<String, String>> change) throws IOException {
        return refusal(package3mf(change), OutputFormat.THREE_MF);
    }

    private static byte[] package3mf(UnaryOperator<Map<String, String>> change) throws IOException {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("[Content_Types].xml", "<Types/>");
        parts.put(
                "_rels/.rels",
                "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship "
                        + "Type='http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel' Target='/3D/3dmodel.model'"
                        + " Id='r'/></Relationships>");
        parts.put(MODEL, modelXml(object(MESH), "<item objectid='1'/>"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> part : change.apply(parts).entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(ISO_8859_1));
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, String> with(Map<String, String> parts, String name, String content) {
        parts.put(name, content);
        return parts;
    }

    private static Map<String, String> without(Map<String, String> parts, String name) {
        parts.remove(name);
        return parts;
    }
}
