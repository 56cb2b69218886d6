package dev.cadflow.worker;

import dev.cadflow.activity.ArchiveInput;
import dev.cadflow.activity.ArchiveResult;
import dev.cadflow.activity.CadActivities;
import dev.cadflow.activity.impl.CadActivitiesImpl;
import dev.cadflow.makistry.DownloadUrlSeal;
import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts the activities together as the configuration says. */
final class ActivityAssembly {
    private ActivityAssembly() {}

    static CadActivities assemble(WorkerConfig config, @Nullable URI callbackUrl, StopSequence stops) {
        String apiKey = config.apiKey().reveal();
        MakistryClient makistry = stops.closing(
                "Makistry client",
                MakistryClient.builder(apiKey).baseUrl(config.baseUrl()).build());
        return new CadActivitiesImpl(
                makistry, DownloadUrlSeal.forApiKey(apiKey), config.waits(), callbackUrl, archiver());
    }

    private static Function<ArchiveInput, ArchiveResult> archiver() {
        return input -> {
            throw CadFailure.of(FailureType.ARCHIVE_UNAVAILABLE, "This build has no archive yet")
                    .withJobId(input.job().jobId())
                    .toApplicationFailure(null);
        };
    }
}
