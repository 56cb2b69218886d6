package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.OutputFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made to fill the memory of who reads them, read by a process that has little. */
@Timeout(300)
final class HostileFileMemoryTest {
    private static final String HEAP = "-Xmx192m";
    private static final String STEP_HEAD = "ISO-10303-21;HEADER;FILE_SCHEMA(('X'));ENDSEC;DATA;";
    private static final String CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
    private static final String PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06";
    private static final String PREFIXES =
            IntStream.range(0, 1000).mapToObj(i -> " xmlns:p" + i + "='u'").collect(Collectors.joining("", "<m", ">"));
    private static final String LONGER_RUN =
            "3MF: expected no tag or text longer than 1048576 bytes, found a longer one";
    private static final String MANY_NAMES = "names of at most";
    private static final String STEP_TAIL = "ENDSEC;END-ISO-10303-21;";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void noneTakesMoreMemoryThanASmallHeapHas() throws Exception {
        write("references.step", STEP_HEAD + "#1=A(#1", ",#1", 20_000_000, ");" + STEP_TAIL);
        writeScattered("scattered.step");
        write("nested.step", STEP_HEAD + "#1=A", "(", 50_000_000, ";" + STEP_TAIL);
        write("word.step", STEP_HEAD + "#1=", "A", 50_000_000, "();" + STEP_TAIL);
        writeGlb("objects.glb", "{\"extras\":[{}", ",{}", 10_000_000, "]}");
        writeGlb("nested.glb", "", "[", 30_000_000, "");
        write("name.stl", "solid ", "a", 50_000_000, "\n");
        writeHugeCount("count.stl");
        writeZip("bomb.3mf", "<model xmlns='" + CORE + "'>", " ", 500_000_000);
        writeZip("vertices.3mf", "<m>", "<vertex x='0' y='0' z='0'/>", 4_000_000);
        writeZip("nested.3mf", "", "<a>", 20_000_000);
        writeZip("attribute.3mf", "<m a='", ">", 150_000_000);
        writeZip("comment.3mf", "<m><!--", "<", 150_000_000);
        String model = "<m:model xmlns:m='" + CORE + "' xmlns:p='" + PRODUCTION + "'>";
        String long900 = "a".repeat(900);
        String long900k = "a".repeat(900_000);
        writeZip("ids.3mf", model, i -> "<m:object id='" + i + long900k + "'></m:object>", 250);
        writeZip("paths.3mf", model, i -> "<m:item p:path='" + i + long900 + "' objectid='1'/>", 190_000);
        writeZip("names.3mf", "<m>", i -> "<" + long900 + i + "/>", 100_000);
        writeZip("attributes.3mf", "<m>", i -> "<a " + long900 + i + "=''/>", 100_000);
        writeZip("namespaces.3mf", "<m>", i -> "<a xmlns='" + long900 + i + "'/>", 100_000);
        writeZip("targets.3mf", "<m>", i -> "<?" + long900 + i + "?>", 100_000);
        writeZip("prefixes.3mf", PREFIXES, i -> "<p" + i % 1000 + ":l" + i / 1000 + "/>", 2_000_000);

        assertThat(proven())
                .allSatisfy(line -> assertThat(line).doesNotContain("OutOfMemoryError"))
                .anySatisfy(line -> assertThat(line).isEqualTo("references.step accepted"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("scattered.step STEP: ").contains("scattered"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("nested.step STEP: ").contains("brackets in each other"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("word.step STEP: ").contains("a word of at most"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("objects.glb GLB: ").contains("oken count"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("nested.glb GLB: ").contains("depth"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("name.stl STL: ").contains("a name of at most"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("count.stl STL: ").contains("4294967295 facets"))
                .anySatisfy(line -> assertThat(line).startsWith("bomb.3mf 3MF: "))
                .anySatisfy(line -> assertThat(line).startsWith("vertices.3mf 3MF: "))
                .anySatisfy(line -> assertThat(line).startsWith("nested.3mf 3MF: "))
                .anySatisfy(line -> assertThat(line).isEqualTo("attribute.3mf " + LONGER_RUN))
                .anySatisfy(line -> assertThat(line).isEqualTo("comment.3mf " + LONGER_RUN))
                .anySatisfy(line -> assertThat(line).startsWith("ids.3mf ").contains("64 characters as id"))
                .anySatisfy(line -> assertThat(line).startsWith("paths.3mf ").contains("paths of at most"))
                .anySatisfy(line -> assertThat(line).startsWith("names.3mf ").contains(MANY_NAMES))
                .anySatisfy(
                        line -> assertThat(line).startsWith("attributes.3mf ").contains(MANY_NAMES))
                .anySatisfy(
                        line -> assertThat(line).startsWith("namespaces.3mf ").contains(MANY_NAMES))
                .anySatisfy(line -> assertThat(line).startsWith("targets.3mf ").contains(MANY_NAMES))
                .anySatisfy(line -> assertThat(line).startsWith("prefixes.3mf ").contains(MANY_NAMES))
                .hasSize(20);
    }

    private List<String> proven() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Proving.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        process.inputReader().lines().forEach(lines::add);
        assertThat(process.waitFor()).as("%s", lines).isZero();
        return lines;
    }

    /** The process that has little memory. */
    static final class Proving {
        private Proving() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws IOException {
            for (Path file : Files.newDirectoryStream(Path.of(arguments[0]))) {
                String name = file.getFileName().toString();
                OutputFormat format = Corpus.format(name);
                try {
                    new CadFormatCheck().prove(file, format, bytes -> {});
                    System.out.println(name + " accepted");
                } catch (InvalidCadFile invalid) {
                    System.out.println(name + " " + invalid.getMessage());
                }
            }
        }
    }

    private void write(String name, String head, String again, int times, String tail) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            repeat(out, head, again, times);
            out.write(tail.getBytes(UTF_8));
        }
    }

    private static void repeat(OutputStream out, String head, String again, int times) throws IOException {
        out.write(head.getBytes(UTF_8));
        byte[] thousand = again.repeat(1000).getBytes(UTF_8);
        for (int i = 0; i < times / 1000; i++) {
            out.write(thousand);
        }
    }

    private void writeScattered(String name) throws IOException {
        StringBuilder data = new StringBuilder(STEP_HEAD);
        for (long i = 1; i < 50_000; i++) {
            data.append('#')
                    .append(i * 1_000_003)
                    .append("=A(#")
                    .append(i * 999_983)
                    .append(");");
        }
        Files.writeString(folder.resolve(name), data + STEP_TAIL);
    }

    private void writeGlb(String name, String head, String again, int times, String tail) throws IOException {
        int length = head.length() + again.length() * times + tail.length();
        int padded = length + (4 - length % 4) % 4;
        ByteBuffer header = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        header.put("glTF".getBytes(UTF_8)).putInt(2).putInt(20 + padded);
        header.putInt(padded).put("JSON".getBytes(UTF_8));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(header.array());
            repeat(out, head, again, times);
            out.write((tail + " ".repeat(padded - length)).getBytes(UTF_8));
        }
    }

    private void writeHugeCount(String name) throws IOException {
        byte[] stl = new byte[84 + 50];
        ByteBuffer.wrap(stl).order(ByteOrder.LITTLE_ENDIAN).putInt(80, -1);
        Files.write(folder.resolve(name), stl);
    }

    private void writeZip(String name, String head, String again, int times) throws IOException {
        String thousand = again.repeat(1000);
        writeZip(name, head, i -> thousand, times / 1000);
    }

    private void writeZip(String name, String head, IntFunction<String> each, int times) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
            zip.write("<Types/>".getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("_rels/.rels"));
            zip.write(
                    ("<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship "
                                    + "Type='http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel'"
                                    + " Target='/3D/3dmodel.model' Id='r'/></Relationships>")
                            .getBytes(UTF_8));
            // So much that cannot be compressed lets the rest be compressed further.
            zip.putNextEntry(new ZipEntry("thumbnail"));
            byte[] noise = new byte[2 << 20];
            new Random(1).nextBytes(noise);
            zip.write(noise);
            zip.putNextEntry(new ZipEntry("3D/3dmodel.model"));
            zip.write(head.getBytes(UTF_8));
            for (int i = 0; i < times; i++) {
                zip.write(each.apply(i).getBytes(UTF_8));
            }
        }
    }
}
