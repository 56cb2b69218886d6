package dev.cadflow.starter;

import dev.cadflow.worker.Secret;
import dev.cadflow.worker.SecretRotation;
import dev.cadflow.worker.WorkerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes the secret that Makistry signs webhooks with, and says where the new one must go. */
@Command(
        name = "rotate-secret",
        sortOptions = false,
        description = {
            "Changes the secret that Makistry signs webhooks with; Makistry signs with the new one at once.",
            "Run it with --dry-run first: the best order begins before the change.",
            "The new secret goes to standard output, or to a file, and nowhere else."
        })
final class RotateSecretCommand implements Callable<Integer> {
    private static final String ORDER = """
            Makistry signs with the new secret from the moment of the change. A worker that does not know it yet answers
            401, and Makistry does not send a webhook again after a 401. So that none is lost:
              1. Stop the workers that receive webhooks, or let the proxy before them answer 503. Makistry then tries
                 a webhook again after 2, 4, 8, 16 and 32 s: there is about a minute for the next two steps.
              2. Change the secret: ./cadflow rotate-secret API_KEY_ID [--secrets-file FILE]
              3. Put the new secret before the old one, MAKISTRY_SIGNING_SECRETS=NEW,OLD (or both in the file that
                 MAKISTRY_SIGNING_SECRETS_FILE names), at every worker, and start the workers again. Both are needed:
                 a webhook that was signed before the change may still be on its way.
              4. A day later take the old one out and restart again.
            A webhook that is lost all the same loses no job: its workflow polls (for a standard job after 2 minutes),
            for a request each.""";

    private final Console console;
    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "API_KEY_ID",
            description = "The id of the API key, which is not the key itself. MAKISTRY_API_KEY has the key.")
    private String apiKeyId = "";

    @Option(
            names = "--secrets-file",
            paramLabel = "FILE",
            description = "Puts the new secret before those in this file (mode 0600) instead of standard output;"
                    + " MAKISTRY_SIGNING_SECRETS_FILE can name it to the workers.")
    private @Nullable Path secretsFile;

    @Option(names = "--dry-run", description = "Says the order and changes nothing.")
    private boolean dryRun;

    /** Gets what it needs of the process. */
    RotateSecretCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Logging.toConsole(console, false);
        if (dryRun) {
            console.say(ORDER);
            return ExitCodes.DONE;
        }
        WorkerConfig config = WorkerConfig.from(environment);
        @Nullable SecretsFile file = secretsFile == null ? null : SecretsFile.open(secretsFile);
        Secret secret;
        try {
            secret = SecretRotation.rotate(config, apiKeyId);
        } catch (SecretRotation.FailedException failed) {
            if (file != null) {
                file.giveUp();
            }
            console.say("cadflow: " + failed.getMessage() + ".");
            return ExitCodes.FAILED;
        }
        boolean kept = keep(secret, file);
        console.say(ORDER);
        console.say(
                kept
                        ? "Step 2 is done. Now step 3, within a minute where step 1 was done; at once where it was not."
                        : "The secret was changed and could not be written anywhere: run this again.");
        return kept ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    /** Makistry tells a secret once: where the file fails, it goes to standard output. */
    private boolean keep(Secret secret, @Nullable SecretsFile file) {
        if (file != null) {
            try {
                file.add(secret.reveal());
                console.say("The new secret is the first line of " + secretsFile + ".");
                return true;
            } catch (IOException notWritten) {
                console.say("cadflow: " + secretsFile + " was not written (" + notWritten.getMessage()
                        + "); the new secret is on standard output.");
            }
        }
        return console.result(secret.reveal());
    }
}
