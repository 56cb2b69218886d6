package dev.cadflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cadflow.workflow.BoundingBox;
import dev.cadflow.workflow.Measures;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the files of real writers. */
final class CadFormatCheckTest {
    private static final BoundingBox BOX = new BoundingBox(40, 20, 10);
    /** Of another shape, or two of the box. */
    private static final Set<String> OTHER_SIZES = Set.of(
            "opencascade-sphere.step",
            "opencascade-cone.step",
            "opencascade-fillet.step",
            "opencascade-spline.step",
            "cadquery-assembly.step",
            "cadquery-assembly.glb",
            "trimesh-scene.glb",
            "trimesh-scene.3mf",
            "lib3mf-components.3mf",
            "lib3mf-production.3mf",
            "lib3mf-inch.3mf");
    /** Writers that put the part's millimetres into glTF, whose unit is the metre. */
    private static final Set<String> TAKEN_FOR_METRES =
            Set.of("assimp.glb", "pygltflib.glb", "without-bin.glb", "trimesh.glb");

    private static final BoundingBox BOX_OF_METRES = new BoundingBox(40_000, 20_000, 10_000);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    static Stream<String> corpus() throws IOException {
        return Corpus.names();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void refusesAFileAsAnyOtherFormat(String name) throws IOException {
        for (OutputFormat other : OutputFormat.values()) {
            if (other != Corpus.format(name)) {
                assertThat(Corpus.refusal(scratch, Corpus.bytes(name), other))
                        .as("%s as %s", name, other)
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void measuresTheBoxAsEveryWriterWroteIt(String name) throws Exception {
        Measures measures = Corpus.prove(scratch, Corpus.bytes(name), Corpus.format(name));
        if (!OTHER_SIZES.contains(name)) {
            BoundingBox found = measures.boundingBoxMm();
            assertThat(found).isNotNull();
            BoundingBox expected = TAKEN_FOR_METRES.contains(name) ? BOX_OF_METRES : BOX;
            assertThat(found.sameSize(expected, 0.001)).as("%s", found).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "opencascade-cone.step,     20, 20, 20",
        "lib3mf-components.3mf,    100, 20, 10",
        "lib3mf-production.3mf,    100, 20, 10",
        "lib3mf-inch.3mf,         1016, 508, 254",
        "trimesh-scene.3mf,         90, 20, 10",
        "trimesh-scene.glb,   44691.81, 36728.67, 10000"
    })
    void measuresOtherShapesAndUnits(String name, double x, double y, double z) throws Exception {
        BoundingBox found =
                Corpus.prove(scratch, Corpus.bytes(name), Corpus.format(name)).boundingBoxMm();

        assertThat(found).isNotNull();
        assertThat(found.sameSize(new BoundingBox(x, y, z), 0.001))
                .as("%s", found)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"opencascade-sphere.step", "opencascade-spline.step", "cadquery-assembly.step"})
    void givesNoBoxWhereItWouldHaveToGuess(String name) throws Exception {
        assertThat(measures(name).boundingBoxMm()).isNull();
        assertThat(measures(name).unit()).isEqualTo("millimetre");
    }

    @ParameterizedTest
    @CsvSource({
        "truck.step, 165",
        "gmsh.step, 434",
        "cadquery-assembly.step, 474",
        "reordered-comments-opencascade.step, 442"
    })
    void countsTheInstancesAsGrepCountsThem(String name, long instances) throws Exception {
        // grep -cE '^#[0-9]+ *='
        assertThat(measures(name).entities()).isEqualTo(instances);
    }

    @Test
    void statesUnitsAsTheFilesDo() throws Exception {
        assertEquals("inch", measures("opencascade-inch.step").unit());
        assertEquals("metre", measures("trimesh.glb").unit());
        assertEquals("inch", measures("lib3mf-inch.3mf").unit());
        assertThat(measures("gmsh-binary.stl").unit()).isNull();
    }

    @Test
    void countsTriangles() throws Exception {
        for (String name : new String[] {"cadquery-binary.stl", "assimp-ascii.stl", "trimesh.glb", "trimesh.3mf"}) {
            assertThat(measures(name).triangles()).as(name).isEqualTo(88);
        }
        assertThat(measures("lib3mf-components.3mf").triangles()).isEqualTo(176);
    }

    private Measures measures(String name) throws Exception {
        return Corpus.prove(scratch, Corpus.bytes(name), Corpus.format(name));
    }
}
