package dev.cadflow.worker;

import java.io.PrintStream;
import java.util.Map;

/** Runs a worker until it is told to stop. Exit codes: 0 stopped, 1 could not start, 2 wrong configuration. */
public final class WorkerMain {
    private WorkerMain() {}

    /** Runs with this process's environment; takes no arguments. */
    public static void main(String[] args) {
        System.exit(run(System.getenv(), System.err));
    }

    /**
     * Runs a worker until SIGTERM or SIGINT, which then end the process with exit code 0.
     *
     * @param environment as {@link WorkerConfig#from} takes it
     * @param err told in one line that it polls, or why it does not
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintStream err) {
        try (StopSignal stop = new StopSignal();
                WorkerRuntime runtime = WorkerRuntime.start(WorkerConfig.from(environment))) {
            err.println("worker: " + runtime);
            stop.await();
            return 0;
        } catch (InvalidConfigException wrong) {
            err.println("worker: " + wrong.getMessage());
            return 2;
        } catch (WorkerStartException failed) {
            err.println("worker: " + failed.getMessage());
            return 1;
        }
    }
}
