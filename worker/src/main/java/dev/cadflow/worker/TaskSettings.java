package dev.cadflow.worker;

import dev.cadflow.workflow.ActivityTaskQueues;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks a worker takes from Temporal, and how many at once.
 *
 * @param taskQueue {@code CADFLOW_TASK_QUEUE}
 * @param activitiesAtOnce {@code CADFLOW_ACTIVITIES_AT_ONCE}: activities that run at once, on each task queue but the
 *     archive's
 * @param workflowCache {@code CADFLOW_WORKFLOW_CACHE}: workflows that are kept in memory between their tasks; others are
 *     replayed from their history
 * @param api {@code CADFLOW_API_…}: where submits and polls go, with the rate of a whole fleet; null: they stay on the
 *     task queue
 * @param archive {@code CADFLOW_ARCHIVE_TASK_QUEUE} and {@code CADFLOW_ARCHIVES_AT_ONCE}: where archiving goes; null: it
 *     stays on the task queue
 */
public record TaskSettings(
        String taskQueue,
        int activitiesAtOnce,
        int workflowCache,
        @Nullable ApiQueue api,
        @Nullable ArchiveQueue archive) {

    private static final int MOST_REQUESTS = 1_000_000;
    private static final int MOST_AT_ONCE = 10_000;
    private static final int MOST_CACHED = 100_000;
    private static final int LONGEST_TASK_QUEUE = 1000;

    /**
     * A task queue of its own for archiving.
     *
     * @param taskQueue its name, the same for every worker of the fleet
     * @param atOnce files that this worker archives at once; 0: it leaves archiving to other workers
     */
    public record ArchiveQueue(String taskQueue, int atOnce) {}

    /** Null where a value is wrong; the reader then has the problem. */
    static @Nullable TaskSettings read(SettingsReader reader) {
        @Nullable String taskQueue = reader.read(Setting.CADFLOW_TASK_QUEUE, TaskSettings::name);
        @Nullable Integer activities =
                reader.read(Setting.CADFLOW_ACTIVITIES_AT_ONCE, SettingsReader.wholeNumber(1, MOST_AT_ONCE));
        @Nullable Integer cache = reader.read(Setting.CADFLOW_WORKFLOW_CACHE, SettingsReader.wholeNumber(1, MOST_CACHED));
        @Nullable String api = reader.read(Setting.CADFLOW_API_TASK_QUEUE, TaskSettings::name);
        @Nullable Integer perHour =
                reader.read(Setting.CADFLOW_API_REQUESTS_PER_HOUR, SettingsReader.wholeNumber(1, MOST_REQUESTS));
        @Nullable String archive = reader.read(Setting.CADFLOW_ARCHIVE_TASK_QUEUE, TaskSettings::name);
        @Nullable Integer archives = reader.read(Setting.CADFLOW_ARCHIVES_AT_ONCE, SettingsReader.wholeNumber(0, MOST_AT_ONCE));
        requireOther(reader, Setting.CADFLOW_API_TASK_QUEUE, api, Setting.CADFLOW_TASK_QUEUE, taskQueue);
        requireOther(reader, Setting.CADFLOW_ARCHIVE_TASK_QUEUE, archive, Setting.CADFLOW_TASK_QUEUE, taskQueue);
        requireOther(reader, Setting.CADFLOW_ARCHIVE_TASK_QUEUE, archive, Setting.CADFLOW_API_TASK_QUEUE, api);
        if (archives != null
                && archives == 0
                && archive == null
                && !reader.hasProblem(Setting.CADFLOW_ARCHIVE_TASK_QUEUE)) {
            reader.problem(
                    Setting.CADFLOW_ARCHIVES_AT_ONCE,
                    "expected " + Setting.CADFLOW_ARCHIVE_TASK_QUEUE + " beside it, by which other workers get what"
                            + " this one does not archive, found none");
        }
        if (taskQueue == null || activities == null || cache == null || perHour == null || archives == null) {
            return null;
        }
        return new TaskSettings(
                taskQueue,
                activities,
                cache,
                api == null ? null : new ApiQueue(api, perHour),
                archive == null ? null : new ArchiveQueue(archive, archives));
    }

    /** Where activities go that do not run on {@link #taskQueue}. */
    ActivityTaskQueues activityQueues() {
        return new ActivityTaskQueues(
                api == null ? null : api.taskQueue(), archive == null ? null : archive.taskQueue());
    }

    private static void requireOther(
            SettingsReader reader, Setting setting, @Nullable String name, Setting other, @Nullable String otherName) {
        if (name != null && Objects.equals(name, otherName)) {
            reader.problem(
                    setting,
                    "expected another task queue than " + other + ", found the same, \"" + SettingsReader.shown(name)
                            + "\"");
        }
    }

    private static String name(String text) {
        if (text.length() > LONGEST_TASK_QUEUE || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("expected at most " + LONGEST_TASK_QUEUE
                    + " characters and no control characters, found \"" + SettingsReader.shown(text) + "\"");
        }
        return text;
    }
}
