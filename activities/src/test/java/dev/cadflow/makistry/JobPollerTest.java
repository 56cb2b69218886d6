package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.sandbox.Fault;
import dev.cadflow.sandbox.FaultKind;
import dev.cadflow.sandbox.FaultTarget;
import dev.cadflow.sandbox.Route;
import dev.cadflow.sandbox.SandboxOptions;
import dev.cadflow.sandbox.SandboxServer;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Polls against the sandbox, whose own counts say what they cost. */
final class JobPollerTest {
    private static final QuotaLimits ONE_A_SECOND =
            new QuotaLimits(1, 1000, Duration.ofSeconds(1), Duration.ofHours(1));

    private final SteppedClock clock = new SteppedClock();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private SandboxServer sandbox;
    private MakistryClient buyer;

    @BeforeEach
    void start() throws IOException {
        sandbox = SandboxServer.start(SandboxOptions.builder().noQuota().build());
        buyer = client(new Quota(QuotaLimits.of(10_000, 10_000)));
    }

    @AfterEach
    void stop() {
        buyer.close();
        sandbox.close();
    }

    @Test
    void aJobThatIsAloneIsAskedForSingly() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.DEFAULT)));
        String jobId = buy();

        JobPoller.Polled polled = poller.poll(jobId);

        assertThat(polled.job().jobId()).isEqualTo(jobId);
        assertThat(polled.requests()).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.GET_JOB)).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isZero();
    }

    @Test
    void pollsThatWaitTogetherAreAnsweredByOneList() throws Exception {
        Quota quota = new Quota(ONE_A_SECOND, Duration.ofMinutes(10), clock);
        JobPoller poller = poller(client(quota));
        quota.look().close();
        List<String> jobs = List.of(buy(), buy(), buy(), buy());
        jobs.forEach(sandbox::finish);
        List<FutureTask<JobPoller.Polled>> polls = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (String jobId : jobs) {
            FutureTask<JobPoller.Polled> poll = new FutureTask<>(() -> poller.poll(jobId));
            polls.add(poll);
            Thread thread = new Thread(poll, "poll of " + jobId);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        clock.advance(Duration.ofSeconds(2));

        int requests = 0;
        for (int i = 0; i < jobs.size(); i++) {
            JobPoller.Polled polled = polls.get(i).get();
            assertThat(polled.job().jobId()).isEqualTo(jobs.get(i));
            assertThat(polled.job().status()).isEqualTo("success");
            requests += polled.requests();
        }
        assertThat(requests).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.GET_JOB)).isZero();
    }

    @Test
    void pollsThatWereToldToComeBackFindTheirAnswerWaiting() {
        Quota quota = new Quota(ONE_A_SECOND, Duration.ZERO, clock);
        JobPoller poller = poller(client(quota));
        String one = buy();
        String other = buy();
        quota.look().close();
        assertThat(refusalOf(poller, one).retryAfter().orElseThrow()).isPositive();
        assertThat(refusalOf(poller, other).isRequestSent()).isFalse();
        clock.advance(Duration.ofSeconds(2));

        assertThat(poller.poll(one).requests()).isEqualTo(1);
        JobPoller.Polled second = poller.poll(other);

        assertThat(second.requests()).isZero();
        assertThat(second.job().jobId()).isEqualTo(other);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(1);
    }

    @Test
    void aListTellsOnceOfAJobThatIsOverAndThatNobodyAskedFor() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.DEFAULT)));
        String asked = buy();
        String unasked = buy();
        String foreign = buy();
        poller.watch(unasked);
        sandbox.finish(unasked);
        sandbox.finish(foreign);

        poller.poll(asked);
        JobPoller.Polled known = poller.poll(unasked);
        poller.poll(asked);

        assertThat(told).containsExactly(unasked);
        assertThat(known.requests()).isZero();
        assertThat(known.job().status()).isEqualTo("success");
    }

    @Test
    void anAnswerIsNotKeptForLongerThanItsUrlIsGoodFor() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.DEFAULT, Duration.ZERO, clock)));
        String asked = buy();
        String unasked = buy();
        poller.watch(unasked);
        sandbox.finish(unasked);
        poller.poll(asked);
        clock.advance(Duration.ofMinutes(6));

        assertThat(poller.poll(unasked).requests()).isEqualTo(1);
    }

    @Test
    void aJobThatTheListDoesNotReachIsAskedForSinglyFromThenOn() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.of(1000, 1000))));
        String old = buy();
        for (int i = 0; i < 100; i++) {
            buy();
        }
        String young = buy();
        poller.watch(young);

        assertThat(poller.poll(old).requests()).isEqualTo(2);
        assertThat(poller.poll(old).requests()).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.LIST_JOBS)).isEqualTo(1);
        assertThat(sandbox.counts().of(Route.GET_JOB)).isEqualTo(2);
    }

    @Test
    void aBrokenJobInTheListHidesNoOther() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.DEFAULT)));
        String one = buy();
        String other = buy();
        poller.watch(other);
        sandbox.faults()
                .add(Fault.builder(FaultTarget.LIST_JOBS, FaultKind.BROKEN_JOB).build());

        assertThat(poller.poll(one).job().jobId()).isEqualTo(one);
        assertThat(poller.poll(other).job().jobId()).isEqualTo(other);
    }

    @Test
    void aJobThatIsNotOfThisKeyIsNotFound() {
        JobPoller poller = poller(client(new Quota(QuotaLimits.DEFAULT)));
        poller.watch(buy());

        MakistryException failure = refusalOf(poller, "pub_000000000000");

        assertThat(failure.type()).isEqualTo(FailureType.JOB_NOT_FOUND);
    }

    private static MakistryException refusalOf(JobPoller poller, String jobId) {
        MakistryException refusal = catchThrowableOfType(MakistryException.class, () -> poller.poll(jobId));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private String buy() {
        return buyer.submit(Submission.of(CadRequest.of("A box"), List.of(), UUID.randomUUID(), "order-7", null));
    }

    private MakistryClient client(Quota quota) {
        return MakistryClient.builder(sandbox.apiKey())
                .baseUrl(sandbox.apiBaseUrl())
                .quota(quota)
                .build();
    }

    private JobPoller poller(MakistryClient client) {
        return new JobPoller(client, job -> told.add(job.jobId()), clock);
    }
}
