package dev.cadflow.sandbox.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of any size, read from any position. */
final class PartFileTest {

    private static byte[] bytes(FileContent content) {
        byte[] bytes = new byte[Math.toIntExact(content.sizeBytes())];
        content.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void thePartIsTheSameBytesEachTime(OutputFormat format) {
        assertThat(bytes(PartFile.write(BoxWithHole.DEFAULT, format).content()))
                .isEqualTo(bytes(PartFile.write(BoxWithHole.DEFAULT, format).content()));
    }

    @ParameterizedTest
    @CsvSource({
        "STEP, 0",
        "STEP, 100000",
        "STL, 0",
        "STL, 100001",
        "GLB, 0",
        "GLB, 100003",
        "THREE_MF, 0",
        "THREE_MF, 200000"
    })
    void aPieceIsWhatLiesThereInTheWhole(OutputFormat format, long atLeastBytes) {
        FileContent content =
                PartFile.write(BoxWithHole.DEFAULT, format, atLeastBytes).content();
        byte[] whole = bytes(content);
        Random random = new Random(7);

        for (int i = 0; i < 300; i++) {
            int from = random.nextInt(whole.length);
            int length = random.nextInt(Math.min(whole.length - from, 20_000) + 1);
            byte[] piece = new byte[length + 2];
            content.read(from, piece, 1, length);
            assertThat(Arrays.copyOfRange(piece, 1, length + 1))
                    .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STEP, 1000000",
        "STL, 1000000",
        "GLB, 1000000",
        "THREE_MF, 1000000",
        "STEP, 3221225472",
        "STL, 3221225472"
    })
    void aFileIsAtLeastAsLargeAsWasAskedForAndHardlyLarger(OutputFormat format, long atLeastBytes) {
        long size = PartFile.write(BoxWithHole.DEFAULT, format, atLeastBytes)
                .content()
                .sizeBytes();

        assertThat(size).isBetween(atLeastBytes, atLeastBytes + 4096);
    }

    @Test
    void theZipOfA3mfIsWhole() throws Exception {
        byte[] file = bytes(PartFile.write(BoxWithHole.DEFAULT, OutputFormat.THREE_MF, 100_000)
                .content());
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                // Reading an entry to its end checks its CRC.
                assertThat(zip.readAllBytes()).isNotEmpty();
                names.add(entry.getName());
            }
        }

        assertThat(names).startsWith("[Content_Types].xml", "_rels/.rels", "3D/3dmodel.model");
    }

    @Test
    void moreThanAFormatCanHoldIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PartFile.write(BoxWithHole.DEFAULT, OutputFormat.GLB, PartFile.LARGEST_BYTES + 1))
                .withMessage("atLeastBytes: expected 0 to 3221225472, found 3221225473");
    }
}
