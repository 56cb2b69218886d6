package dev.cadflow.archive;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Locale;

/** What a disk refuses, as the typed failure that says what to do next. */
final class DiskFailures {
    private DiskFailures() {}

    /** The failure of writing what belongs to that key. */
    static ArchiveException of(IOException failure, ArchiveKey key) {
        String reason = String.valueOf(failure.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("file name too long")) {
            return ArchiveException.invalidKey(key.value(), "a path that the archive's file system can hold");
        }
        if (failure instanceof FileAlreadyExistsException
                || lower.contains("not a directory")
                || lower.contains("is a directory")) {
            return FileArchive.conflict(key, "a file where a folder is needed, or a folder of that name");
        }
        if (failure instanceof ClosedByInterruptException) {
            return ArchiveException.unavailable(
                    "archive: expected to write " + key + ", found the worker stopping",
                    "Nothing: it is tried again by itself, on this worker or another.",
                    failure);
        }
        return ArchiveException.unavailable(
                "archive: expected to write " + key + ", found " + kind(failure, lower) + ": " + reason,
                nextStep(failure, lower),
                failure);
    }

    private static String kind(IOException failure, String lower) {
        return failure instanceof AccessDeniedException || lower.contains("operation not permitted")
                ? "permission denied"
                : failure.getClass().getSimpleName();
    }

    private static String nextStep(IOException failure, String lower) {
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return "Free space on the archive's disk; it is tried again by itself, and what has come is kept.";
        }
        if (lower.contains("read-only file system")) {
            return "Mount the archive's file system for writing; it is tried again by itself.";
        }
        if (lower.contains("cross-device link")) {
            return "Keep the whole archive folder on one file system, its .incoming folder included.";
        }
        if (failure instanceof AccessDeniedException || lower.contains("operation not permitted")) {
            return "Give the worker's user write permission on the archive folder, on a file system with hard links; "
                    + "it is tried again by itself.";
        }
        return "Check the archive folder and its disk; it is tried again by itself.";
    }
}
