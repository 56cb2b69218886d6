package dev.cadflow.workflow;

import static dev.cadflow.workflow.ScriptedActivities.JOB;
import static dev.cadflow.workflow.ScriptedActivities.failed;
import static dev.cadflow.workflow.ScriptedActivities.succeeded;

import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.activity.WaitPlan;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The main stories of a workflow, each short enough to be recorded on a real server. */
enum Story {
    /** The webhook comes while the workflow waits. */
    WEBHOOK {
        @Override
        Optional<JobFinished> signal() {
            return Optional.of(succeeded(JOB));
        }
    },
    /** No webhook comes; the second poll finds the job done. */
    POLL {
        @Override
        void script(ScriptedActivities activities) {
            activities
                    .waitingBy(plan(Duration.ofMinutes(10)))
                    .whenPolled(number -> number < 2
                            ? new PollResult("processing", null, 1)
                            : new PollResult("success", succeeded(JOB), 1));
        }
    },
    /** The webhook says that the job failed. */
    FAILURE {
        @Override
        Optional<JobFinished> signal() {
            return Optional.of(failed(JOB, "geometry_validation_failed", "contradictory dimensions"));
        }
    },
    /** The job is not over at its deadline. */
    TIMEOUT {
        @Override
        void script(ScriptedActivities activities) {
            activities.waitingBy(plan(Duration.ofSeconds(2)));
        }
    },
    /** A job that another workflow bought is waited for and archived. */
    ADOPTION {
        @Override
        CadRequest request() {
            return CadRequest.adopting(JOB);
        }

        @Override
        void script(ScriptedActivities activities) {
            activities
                    .whenSubmitted(input -> new SubmitResult(JOB, plan(Duration.ofMinutes(10)), 0))
                    .whenPolled(number -> new PollResult("success", succeeded(JOB), 1));
        }
    },
    /** As the webhook's, and the worker found the search attributes in the namespace. */
    INDEXED {
        @Override
        void script(ScriptedActivities activities) {
            activities.whenSubmitted(
                    input -> new SubmitResult(JOB, ScriptedActivities.WITH_CALLBACK, 1).withSearchAttributes());
        }

        @Override
        Optional<JobFinished> signal() {
            return Optional.of(succeeded(JOB));
        }
    },
    /** An identical request's file is in the archive. */
    REUSED {
        @Override
        CadRequest request() {
            return CadRequest.builder().prompt("A box").reuse(true).build();
        }

        @Override
        void script(ScriptedActivities activities) {
            activities.havingArchived(ScriptedActivities.EARLIER);
        }
    },
    /** The file has expired before it is asked for; the request pays for another. */
    RESUBMITTED {
        @Override
        CadRequest request() {
            return CadRequest.builder().prompt("A box").resubmitOnExpiry(true).build();
        }

        @Override
        void script(ScriptedActivities activities) {
            activities.waitingBy(plan(Duration.ofMinutes(10))).whenPolled(number -> {
                if (number == 1) {
                    throw CadFailure.of(FailureType.OUTPUT_EXPIRED, "gone").toApplicationFailure(null);
                }
                return new PollResult("success", succeeded(JOB), 1);
            });
        }
    },
    /** Someone cancels the workflow while it waits. */
    CANCELLED {
        @Override
        boolean isCancelled() {
            return true;
        }
    },
    /** The webhook comes while a poll waits for its next try. */
    INTERRUPTED {
        @Override
        void script(ScriptedActivities activities) {
            activities.waitingBy(plan(Duration.ofMinutes(10))).whenPolled(number -> {
                throw CadFailure.of(FailureType.QUOTA_EXCEEDED, "no turn yet").toApplicationFailure(null);
            });
        }

        @Override
        boolean isDue(ScriptedActivities activities) {
            return !activities.polls.isEmpty();
        }

        @Override
        Optional<JobFinished> signal() {
            return Optional.of(succeeded(JOB));
        }
    },
    /** Makistry deletes the file before the archive's next try. */
    EXPIRED {
        @Override
        void script(ScriptedActivities activities) {
            activities.whenArchived(input -> {
                throw ApplicationFailure.newBuilder(CadFailure.of(FailureType.ARCHIVE_UNAVAILABLE, "disk full")
                                .toApplicationFailure(null))
                        .setNextRetryDelay(Duration.ofDays(1))
                        .build();
            });
        }

        @Override
        Optional<JobFinished> signal() {
            return Optional.of(ScriptedActivities.expiring(JOB, Instant.now()));
        }
    },
    /** The request breaks two rules. */
    INVALID {
        @Override
        CadRequest request() {
            return CadRequest.builder().prompt(" ").archiveKey("../x").build();
        }
    };

    CadRequest request() {
        return CadRequest.builder()
                .prompt("A 40x20x10mm box with a 5mm through-hole")
                .metadata(Map.of("order", "A-17"))
                .build();
    }

    void script(ScriptedActivities activities) {
        // The defaults: a callback is registered, and nothing goes wrong.
    }

    /** What Makistry's webhook says once the workflow waits; empty where no webhook comes. */
    Optional<JobFinished> signal() {
        return Optional.empty();
    }

    /** Whether it is cancelled once it waits. */
    boolean isCancelled() {
        return false;
    }

    /** Whether the wait has come so far that the webhook is due. */
    boolean isDue(ScriptedActivities activities) {
        return true;
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".json";
    }

    private static WaitPlan plan(Duration deadline) {
        return new WaitPlan(
                false,
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                deadline);
    }
}
