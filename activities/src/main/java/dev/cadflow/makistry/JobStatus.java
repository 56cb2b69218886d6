package dev.cadflow.makistry;

/** The statuses of a job that cadflow acts on; every other one means that the job goes on. */
final class JobStatus {
    private static final String SUCCESS = "success";
    private static final String FAILED = "failed";

    private JobStatus() {}

    static boolean isSuccess(String status) {
        return SUCCESS.equals(status);
    }

    static boolean isTerminal(String status) {
        return isSuccess(status) || FAILED.equals(status);
    }
}
