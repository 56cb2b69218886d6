package dev.cadflow.worker;

import java.util.List;

/** The configuration is not one to start with. Says everything that is wrong at once; shows no secret. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** With one line for each problem: the name, what was expected, the value found. */
    public InvalidConfigException(List<String> problems) {
        super("The configuration has " + (problems.size() == 1 ? "1 problem" : problems.size() + " problems") + ":\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem on its own. */
    public List<String> problems() {
        return problems;
    }
}
