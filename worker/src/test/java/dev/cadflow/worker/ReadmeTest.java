package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The README's configuration table against the settings that a worker has. */
final class ReadmeTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LAST_WORD = Pattern.compile("_[A-Z]+$");

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsInTheTableWithItsDefault(Setting setting) throws IOException {
        Map<String, Optional<String>> table = table();

        assertThat(table).containsKey(setting.name());
        assertThat(table.get(setting.name())).isEqualTo(setting.defaultText());
    }

    @Test
    void theTableHasNoSettingThatAWorkerDoesNotKnow() throws IOException {
        assertThat(table().keySet()).isNotEmpty().allMatch(Setting::isKnown);
    }

    /** Each variable of the table with its default; empty where it has none. */
    private static Map<String, Optional<String>> table() throws IOException {
        Map<String, Optional<String>> table = new LinkedHashMap<>();
        Files.readString(Path.of("..", "README.md"))
                .lines()
                .filter(line -> line.matches("\\| `(CADFLOW|MAKISTRY)_.*"))
                .forEach(line -> {
                    String[] cells = line.split("(?<!\\\\)\\|");
                    List<String> names = names(cells[1]);
                    List<String> defaults = codes(cells[cells.length - 1]);
                    for (int i = 0; i < names.size(); i++) {
                        table.put(
                                names.get(i),
                                i < defaults.size() ? Optional.of(defaults.get(i)) : Optional.<String>empty());
                    }
                });
        return table;
    }

    /** The variables of a cell, where {@code …_PRO} is the one before it with another end. */
    private static List<String> names(String cell) {
        List<String> codes = codes(cell);
        String first = codes.get(0);
        return codes.stream()
                .filter(code -> !code.equals("…" + Setting.FILE_SUFFIX))
                .map(code -> code.startsWith("…") ? LAST_WORD.matcher(first).replaceFirst(code.substring(1)) : code)
                .toList();
    }

    private static List<String> codes(String cell) {
        Stream<MatchResult> codes = CODE.matcher(cell).results();
        return codes.map(code -> code.group(1)).toList();
    }
}
