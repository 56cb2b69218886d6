package dev.cadflow.examples;

import static io.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.CadBatchCounts;
import dev.cadflow.workflow.CadBatchResult;
import dev.cadflow.workflow.CadProgress;
import dev.cadflow.workflow.testing.Eventually;
import dev.cadflow.workflow.testing.RealTemporal;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/batch.md as they are printed there, but for the archive's folder. */
@ExtendWith(RealTemporal.class)
final class BatchPageTest {
    private static final Pattern JOB_ID = Pattern.compile("pub_\\w+");

    private final Path archive;
    private final Path list;
    private final House house;
    private final PrintedCommands page;

    BatchPageTest(RealTemporal.Server server, @TempDir Path archive) throws Exception {
        this.archive = archive;
        list = Files.createDirectories(archive.resolve("orders")).resolve("order-7.csv");
        house = House.start(server, archive, "CADFLOW_POLL_FIRST_STANDARD", "1s", "CADFLOW_POLL_INTERVAL", "1s");
        house.sandbox.pause();
        page = PrintedCommands.of("docs/batch.md", server, server.namespace());
    }

    @AfterEach
    void stop() {
        house.close();
    }

    @Test
    void everyCommandOfThePageDoesWhatThePageSaysAndNoPartIsBoughtTwice() throws Exception {
        list("bracket,A 40x20x10mm box,", "cover,A 30x30x30mm cube,");
        start();
        awaitWaiting("bracket", "cover");
        assertThat(page.run("--workflow-id order-7 --type progress")).contains("running");

        page.run("workflow cancel");
        Eventually.until(() -> batch().describe().getStatus() == WORKFLOW_EXECUTION_STATUS_CANCELED);
        Eventually.until(() -> page.run("workflow list").contains("order-7/bracket"));
        String bracket = jobIn(page.run("order-7/bracket"));
        String cover = jobIn(page.run("order-7/bracket", "bracket", "cover"));

        list("bracket,A 40x20x10mm box," + bracket, "cover,A 30x30x30mm cube," + cover, "lid,A 50x5x5mm bar,");
        start();
        awaitWaiting("bracket", "cover", "lid");
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(3);
        house.sandbox.finish(bracket);
        house.sandbox.finish(cover);
        house.sandbox.fail(
                String.valueOf(house.progress("order-7/lid").jobId()),
                "geometry_validation_failed",
                "The solid is not closed");
        assertThat(batch().getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(3, 2, 1, 0, 0, 0));

        page.run("workflow reset");
        assertThat(batch().getResult(CadBatchResult.class).counts()).isEqualTo(new CadBatchCounts(3, 0, 1, 0, 2, 0));
        assertThat(house.sandbox.counts().submitsRepeated()).isEqualTo(1);
        assertThat(house.sandbox.counts().submitsCharged()).isEqualTo(3);
        page.thatIsAll();
    }

    private void start() {
        page.run("workflow start", "/srv/archive", archive.toString());
    }

    private void list(String... parts) throws IOException {
        Files.writeString(list, "name,prompt,job_id\n" + String.join("\n", parts) + "\n");
    }

    private void awaitWaiting(String... parts) {
        for (String part : parts) {
            house.awaitStage(CadProgress.Stage.WAITING, "order-7/" + part);
        }
    }

    private WorkflowStub batch() {
        return house.client.newUntypedWorkflowStub("order-7");
    }

    private static String jobIn(String progress) {
        return JOB_ID.matcher(progress)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow(() -> new AssertionError(progress));
    }
}
