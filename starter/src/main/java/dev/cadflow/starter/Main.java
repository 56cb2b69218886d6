package dev.cadflow.starter;

/** Starts the command line. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code; see {@link ExitCodes}. */
    public static void main(String[] args) {
        System.exit(new CommandLineFactory(Console.ofProcess(), System.getenv())
                .create()
                .execute(args));
    }
}
