package dev.cadflow.activity.impl;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.FindArchivedInput;
import dev.cadflow.activity.FindArchivedResult;
import dev.cadflow.activity.PollInput;
import dev.cadflow.activity.PollResult;
import dev.cadflow.activity.SubmitInput;
import dev.cadflow.activity.SubmitResult;
import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.ArchiveKey;
import dev.cadflow.archive.RequestFingerprint;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.Job;
import dev.cadflow.makistry.JobPoller;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;
import dev.cadflow.makistry.SubmitBudget;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.Cadflow;
import dev.cadflow.workflow.JobFinished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The activities over Makistry and an archive. Safe for use by many threads, as Temporal does. */
public final class CadActivitiesImpl implements CadActivities {
    private static final Logger LOG = LoggerFactory.getLogger(CadActivitiesImpl.class);

    private final Purchases purchases;
    private final JobPoller poller;
    private final DownloadUrlSeal seal;
    private final Function<ArchiveInput, ArchiveResult> archiver;
    private final WaitPlans waitPlans;
    private final @Nullable URI callbackUrl;
    private final ImageSources images;
    private final FinishedJobs finishedJobs;
    private final @Nullable EarlierFiles earlierFiles;
    private final Clock clock;

    private CadActivitiesImpl(Builder builder) {
        this.seal = builder.seal;
        this.archiver = builder.archiver;
        this.waitPlans = builder.waitPlans;
        this.callbackUrl = builder.callbackUrl;
        this.images = builder.images;
        this.finishedJobs = builder.finishedJobs;
        this.earlierFiles = builder.earlierFiles;
        this.clock = builder.clock;
        this.purchases = new Purchases(builder.makistry, images, builder.budget, callbackUrl, clock);
        this.poller = new JobPoller(builder.makistry, this::tell, clock);
    }

    /**
     * A builder for the activities of one API key.
     *
     * @param makistry the client for that key
     * @param seal made from the same key
     * @param archiver downloads, proves and publishes the file
     */
    public static Builder builder(
            MakistryClient makistry, DownloadUrlSeal seal, Function<ArchiveInput, ArchiveResult> archiver) {
        return new Builder(makistry, seal, archiver);
    }

    @Override
    public SubmitResult submit(SubmitInput input) {
        CadRequest request = input.request();
        RequestCount requests = RequestCount.ofThisActivity();
        try {
            requireArchivable(request);
            String adopted = request.jobId();
            if (adopted != null) {
                return new SubmitResult(Job.requireJobId(adopted), waitPlans.adopted(request), requests.total());
            }
            Purchases.Bought bought = purchases.buy(input, requests);
            poller.watch(bought.jobId());
            return new SubmitResult(bought.jobId(), waitPlans.submitted(request, callbackUrl != null), requests.total())
                    .withFingerprint(bought.fingerprint());
        } catch (MakistryException failure) {
            requests.keepForNextTry(failure, clock.instant());
            throw requests.unknownSince().isPresent()
                    ? ApplicationFailures.ofMaybeBought(failure)
                    : ApplicationFailures.of(failure, null);
        } catch (ImageException unusable) {
            requests.keepForNextTry();
            throw ApplicationFailures.of(unusable.failure());
        }
    }

    /** The workflow counts a key's characters and archives count its bytes: what they will refuse is not paid for. */
    private static void requireArchivable(CadRequest request) {
        String key = request.archiveKey();
        if (key == null) {
            return;
        }
        String extension = request.outputFormatOrDefault().extension();
        try {
            ArchiveKey.of(key.toLowerCase(Locale.ROOT).endsWith(extension) ? key : key + extension);
        } catch (ArchiveException unusable) {
            CadFailure failure = unusable.failure();
            throw ApplicationFailures.of(new CadFailure(
                    failure.type(),
                    failure.message(),
                    failure.details().withNextStep("Start again with another archive_key; nothing was submitted.")));
        }
    }

    @Override
    public FindArchivedResult findArchived(FindArchivedInput input) {
        if (earlierFiles == null) {
            return FindArchivedResult.NOTHING;
        }
        try (FetchedImages fetched = images.fetch(input.request().images())) {
            return earlierFiles.find(input.request(), RequestFingerprint.of(input.request(), fetched.sha256s()));
        } catch (ImageException unusable) {
            throw ApplicationFailures.of(unusable.failure());
        } catch (ArchiveException unavailable) {
            throw ApplicationFailures.of(unavailable.failure());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public PollResult poll(PollInput input) {
        String jobId = input.jobId();
        RequestCount requests = RequestCount.ofThisActivity();
        try {
            JobPoller.Polled polled = poller.poll(jobId);
            requests.add(polled.requests());
            JobFinished sealed = seal.seal(polled.job());
            return new PollResult(polled.job().status(), sealed.isTerminal() ? sealed : null, requests.total());
        } catch (MakistryException failure) {
            requests.keepForNextTry(failure, clock.instant());
            throw ApplicationFailures.of(failure, jobId);
        }
    }

    @Override
    public ArchiveResult archive(ArchiveInput input) {
        return archiver.apply(input);
    }

    private void tell(Job job) {
        if (job.metadata().get(Cadflow.WORKFLOW_ID_METADATA) instanceof String workflowId) {
            try {
                finishedJobs.finished(workflowId, seal.seal(job));
            } catch (RuntimeException notTold) {
                LOG.warn(
                        "Workflow {} was not told that its job {} is over; it will ask",
                        workflowId,
                        job.jobId(),
                        notTold);
            }
        }
    }

    /** Builds {@link CadActivitiesImpl}. */
    public static final class Builder {
        private final MakistryClient makistry;
        private final DownloadUrlSeal seal;
        private final Function<ArchiveInput, ArchiveResult> archiver;
        private WaitPlans waitPlans = WaitPlans.defaults();
        private @Nullable URI callbackUrl;
        private ImageSources images = ImageSources.none();
        private SubmitBudget budget = SubmitBudget.unlimited();
        private FinishedJobs finishedJobs = FinishedJobs.IGNORED;
        private @Nullable EarlierFiles earlierFiles;
        private Clock clock = Clock.systemUTC();

        private Builder(MakistryClient makistry, DownloadUrlSeal seal, Function<ArchiveInput, ArchiveResult> archiver) {
            this.makistry = makistry;
            this.seal = seal;
            this.archiver = archiver;
        }

        /** How workflows wait for their jobs; default {@link WaitPlans#defaults()}. */
        public Builder waitPlans(WaitPlans waitPlans) {
            this.waitPlans = waitPlans;
            return this;
        }

        /**
         * The public URL of the webhook receiver, given to Makistry with every job; null, the default, for polls alone.
         */
        public Builder callbackUrl(@Nullable URI callbackUrl) {
            this.callbackUrl = callbackUrl;
            return this;
        }

        /** Where a request's images come from; default nowhere. */
        public Builder images(ImageSources images) {
            this.images = images;
            return this;
        }

        /** Bounds how many jobs are submitted on one day; default unlimited. */
        public Builder budget(SubmitBudget budget) {
            this.budget = budget;
            return this;
        }

        /** Told of the ends of jobs that nobody asked for yet; default nobody. */
        public Builder finishedJobs(FinishedJobs finishedJobs) {
            this.finishedJobs = finishedJobs;
            return this;
        }

        /** Where requests with {@code reuse} look for what was made before; default nowhere. */
        public Builder earlierFiles(EarlierFiles earlierFiles) {
            this.earlierFiles = earlierFiles;
            return this;
        }

        /** Tells the age of answers and of tries; default the system's clock. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        public CadActivitiesImpl build() {
            return new CadActivitiesImpl(this);
        }
    }
}
