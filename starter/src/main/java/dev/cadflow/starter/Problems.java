package dev.cadflow.starter;

import dev.cadflow.worker.InvalidConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Says why a command could not do its work. */
final class Problems {
    private Problems() {}

    /**
     * Says it, without a stack trace where it is the user's to correct.
     *
     * @return the exit code
     */
    static int report(Exception problem, Console console) {
        if (problem instanceof UsageException || problem instanceof InvalidConfigException) {
            console.say("cadflow: " + problem.getMessage());
            return ExitCodes.USAGE;
        }
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        console.say("cadflow: this should not have happened; please report it with these lines\n" + trace);
        return ExitCodes.FAILED;
    }
}
