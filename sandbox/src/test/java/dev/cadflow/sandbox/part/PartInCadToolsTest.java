package dev.cadflow.sandbox.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadflow.sandbox.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other people's CAD programs read in the files. */
final class PartInCadToolsTest {

    private static final String GMSH = "apt-get install gmsh";
    private static final String ASSIMP = "apt-get install assimp-utils";
    private static final Pattern NUMBERS = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"40, 20, 10, 5, 0", "12.5, 80.25, 3, 2.75, 0", "40, 20, 10, 5, 300000", "0.5, 0.5, 2000, 0.4, 0"})
    void gmshFindsTheBoundingBoxAndTheVolumeOfTheStepSolid(
            double length, double width, double height, double hole, long atLeastBytes) throws Exception {
        String gmsh = Tool.require("gmsh", GMSH);
        BoxWithHole box = new BoxWithHole(length, width, height, hole);
        Path file = write(box, OutputFormat.STEP, atLeastBytes);
        Path script = Files.writeString(folder.resolve("measure.geo"), """
                SetFactory("OpenCASCADE");
                v() = ShapeFromFile("%s");
                Printf("solids %%g", #v());
                bb() = BoundingBox Volume{v(0)};
                Printf("box %%.9g %%.9g %%.9g %%.9g %%.9g %%.9g", bb(0), bb(1), bb(2), bb(3), bb(4), bb(5));
                m() = Mass Volume{v(0)};
                Printf("volume %%.12g", m(0));
                f() = Surface{:};
                Printf("faces %%g", #f());
                """.formatted(file));

        String said = Tool.run(folder, Map.of(), List.of(gmsh, script.toString(), "-"));

        assertThat(said).doesNotContain("Error").doesNotContain("Warning");
        assertThat(numbersAfter("solids", said)).containsExactly(1.0);
        assertThat(numbersAfter("faces", said)).containsExactly(7.0);
        assertThat(extents(numbersAfter("box", said))).satisfies(found -> {
            assertThat(found.get(0)).isCloseTo(length, within(1e-5));
            assertThat(found.get(1)).isCloseTo(width, within(1e-5));
            assertThat(found.get(2)).isCloseTo(height, within(1e-5));
        });
        assertThat(numbersAfter("volume", said).get(0))
                .isCloseTo(box.volumeCubicMillimetres(), within(box.volumeCubicMillimetres() * 1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "STL, 0, 40, 20, 10",
        "STL, 300000, 40, 20, 10",
        "THREE_MF, 0, 40, 20, 10",
        "THREE_MF, 300000, 40, 20, 10",
        // metres, and Y up
        "GLB, 0, 0.04, 0.01, 0.02",
        "GLB, 300000, 0.04, 0.01, 0.02",
    })
    void assimpFindsTheBoundingBoxOfTheMesh(OutputFormat format, long atLeastBytes, double x, double y, double z)
            throws Exception {
        String assimp = Tool.require("assimp", ASSIMP);
        Path file = write(BoxWithHole.DEFAULT, format, atLeastBytes);

        String said = Tool.run(folder, Map.of(), List.of(assimp, "info", file.toString()));

        assertThat(Files.size(file)).isGreaterThanOrEqualTo(atLeastBytes);
        List<Double> low = numbersAfter("Minimum point", said);
        List<Double> high = numbersAfter("Maximum point", said);
        assertThat(high.get(0) - low.get(0)).isCloseTo(x, within(x * 1e-5));
        assertThat(high.get(1) - low.get(1)).isCloseTo(y, within(y * 1e-5));
        assertThat(high.get(2) - low.get(2)).isCloseTo(z, within(z * 1e-5));
        assertThat(numbersAfter("Faces:", said).get(0)).isGreaterThanOrEqualTo(512);
    }

    private Path write(BoxWithHole box, OutputFormat format, long atLeastBytes) throws IOException {
        Path file = folder.resolve("part." + format.extension());
        FileContent content = PartFile.write(box, format, atLeastBytes).content();
        byte[] buffer = new byte[1000];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long done = 0; done < content.sizeBytes(); done += buffer.length) {
                int run = (int) Math.min(buffer.length, content.sizeBytes() - done);
                content.read(done, buffer, 0, run);
                out.write(buffer, 0, run);
            }
        }
        return file;
    }

    private static List<Double> numbersAfter(String label, String said) {
        String line = said.lines()
                .filter(candidate -> candidate.contains(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No line with '" + label + "' in: " + said));
        List<Double> numbers = new ArrayList<>();
        Matcher matcher = NUMBERS.matcher(line.substring(line.indexOf(label) + label.length()));
        while (matcher.find()) {
            numbers.add(Double.parseDouble(matcher.group()));
        }
        return numbers;
    }

    private static List<Double> extents(List<Double> box) {
        return List.of(box.get(3) - box.get(0), box.get(4) - box.get(1), box.get(5) - box.get(2));
    }
}
