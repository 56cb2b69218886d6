package dev.cadflow.sandbox.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes from prompts. */
final class BoxWithHoleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A 40x20x10mm rectangular box with a 5mm through-hole centered on the top face | 40 | 20 | 10 | 5",
                "30 x 25 x 8 mm plate, 6 mm hole                | 30   | 25   | 8    | 6",
                "30×25×8mm plate with a 6mm through hole        | 30   | 25   | 8    | 6",
                "30mm x 25mm x 8mm, 6 mm diameter through-hole  | 30   | 25   | 8    | 6",
                "12.5X7.25X3.125mm with a 1.5mm bore            | 12.5 | 7.25 | 3.125 | 1.5",
                "3x2x1cm with a 0.5 cm hole                     | 30   | 20   | 10   | 5",
                "2x1x1in                                        | 50.8 | 25.4 | 25.4 | 5",
                "50*50*5 with a 10MM HOLE                       | 50   | 50   | 5    | 10",
                "a bracket                                      | 40   | 20   | 10   | 5",
                "a 12mm hole                                    | 40   | 20   | 10   | 12",
                "60x60x60mm                                     | 60   | 60   | 60   | 5",
                // what does not fit is moved to the nearest size that does
                "10x4x2mm with a 50mm hole                      | 10   | 4    | 2    | 3.6",
                "2x2x2mm                                        | 2    | 2    | 2    | 1.8",
                "0x20x10mm                                      | 0.1  | 20   | 10   | 0.09",
                "999999999x20x10mm                              | 100000 | 20 | 10   | 5",
                "10x10x10mm with a 0mm hole                     | 10   | 10   | 10   | 0.09",
            })
    void sizesAreReadFromThePrompt(String prompt, double length, double width, double height, double hole) {
        BoxWithHole box = BoxWithHole.fromPrompt(prompt);

        assertThat(box.lengthMillimetres()).isEqualTo(length);
        assertThat(box.widthMillimetres()).isEqualTo(width);
        assertThat(box.heightMillimetres()).isEqualTo(height);
        assertThat(box.holeDiameterMillimetres()).isCloseTo(hole, within(1e-9));
    }

    @Test
    void noPromptOfAnyKindIsRefused() {
        assertThat(BoxWithHole.fromPrompt("")).isEqualTo(BoxWithHole.DEFAULT);
        assertThat(BoxWithHole.fromPrompt("9".repeat(5000))).isEqualTo(BoxWithHole.DEFAULT);
        assertThat(BoxWithHole.fromPrompt("1x".repeat(2500))).isNotNull();
        assertThat(BoxWithHole.fromPrompt("1 mm dia ".repeat(550))).isEqualTo(BoxWithHole.DEFAULT);
    }

    @Test
    void aHoleThatLeavesNoWallIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoxWithHole(40, 20, 10, 19))
                .withMessage("holeDiameterMillimetres: expected above 0 and at most 18.0 for this box, found 19.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoxWithHole(40, Double.NaN, 10, 5))
                .withMessageStartingWith("widthMillimetres: expected");
    }
}
