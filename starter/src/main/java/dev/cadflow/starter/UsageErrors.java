package dev.cadflow.starter;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in two lines what is wrong with the arguments and where help is; the whole help would bury it. */
record UsageErrors(Console console) implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        console.say("cadflow: " + message(problem));
        console.say("See ./" + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCodes.USAGE;
    }

    private static String message(ParameterException problem) {
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(problem.getMessage());
        }
        CommandLine command = problem.getCommandLine();
        String found = unmatched.getUnmatched().get(0);
        if (unmatched.isUnknownOption()) {
            return "unknown option " + found + nearest(found, command.getCommandSpec().optionsMap().keySet().stream());
        }
        if (!command.getSubcommands().isEmpty()) {
            return "unknown command " + found + nearest(found, command.getSubcommands().keySet().stream());
        }
        List<String> labels = command.getCommandSpec().positionalParameters().stream()
                .map(CommandLine.Model.ArgSpec::paramLabel)
                .toList();
        return labels.isEmpty()
                ? "expected options alone, found \"" + found + "\""
                : "expected one " + labels.get(0) + ", found \"" + found
                        + "\" besides; put quotes around several words";
    }

    private static String nearest(String found, Stream<String> known) {
        Optional<String> nearest = known.filter(name -> name.length() > 2)
                .min(Comparator.comparingInt(name -> edits(found, name)))
                .filter(name -> edits(found, name) <= Math.max(2, name.length() / 2));
        return nearest.map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
