package dev.cadflow.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tests steer and look at: the same for the Java face and for the control endpoint. */
final class SandboxControl {

    private final JobStore store;
    private final JobRunner runner;
    private final SandboxTime time;
    private final Counters counters;
    private final QuotaWindow quota;
    private final Faults faults;

    SandboxControl(
            JobStore store, JobRunner runner, SandboxTime time, Counters counters, QuotaWindow quota, Faults faults) {
        this.store = store;
        this.runner = runner;
        this.time = time;
        this.counters = counters;
        this.quota = quota;
        this.faults = faults;
    }

    Faults faults() {
        return faults;
    }

    SandboxCounts counts() {
        return counters.snapshot();
    }

    List<SandboxJob> jobs() {
        store.all().forEach(runner::settle);
        return store.all().map(job -> job.snapshot(time.now())).toList();
    }

    SandboxJob job(String id) {
        Job job = find(id);
        runner.settle(job);
        return job.snapshot(time.now());
    }

    int idempotencyKeys() {
        return store.idempotencyKeys();
    }

    void finish(String id) {
        end(id, null);
    }

    void fail(String id, String errorCode, String errorMessage) {
        end(id, new Job.Failure(errorCode, errorMessage));
    }

    private void end(String id, Job.@Nullable Failure failure) {
        // Its webhook goes out beside this: nobody waits for it here.
        var unused = runner.finish(find(id), failure);
    }

    void expire(String id) {
        find(id).expire(time.now());
    }

    void pause() {
        runner.pause();
    }

    void resume() {
        runner.resume();
    }

    void reset() {
        store.clear();
        counters.reset();
        quota.reset();
        faults.clear();
        runner.resume();
    }

    private Job find(String id) {
        return store.find(id)
                .orElseThrow(() -> new IllegalArgumentException("job_id: expected that of a job, found " + id));
    }
}
