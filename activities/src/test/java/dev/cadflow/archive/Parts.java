package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadflow.workflow.DeliveredBy;
import dev.cadflow.workflow.DesignMode;
import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/** Files and manifests for tests. */
public final class Parts {
    private static final Instant ARCHIVED_AT = Instant.parse("2026-11-21T12:00:00Z");

    private Parts() {}

    /** A small STEP file, different for each name. */
    public static byte[] step(String name) {
        return ("ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('" + name
                        + "','',(''),(''),'','','');\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n"
                        + "#1=CARTESIAN_POINT('',(0.,0.,0.));\nENDSEC;\nEND-ISO-10303-21;\n")
                .getBytes(UTF_8);
    }

    /** That content, complete in the staging of that archive. */
    public static StagedFile staged(Archive archive, ArchiveKey key, byte[] content) {
        try {
            Path part = archive.staging().freshPart(key);
            try (OutputStream out = Disk.createFile(part)) {
                out.write(content);
            }
            return new StagedFile(part, sha256(content), content.length, "storage.example");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The manifest of that content. */
    public static Manifest manifest(ArchiveKey key, String jobId, byte[] content) {
        return new Manifest(
                Manifest.VERSION,
                key.value(),
                new Manifest.Content(sha256(content), content.length, "application/step", OutputFormat.STEP, null),
                new Manifest.MakistryJob(jobId, null, null, null, 4711L, 1250L),
                new Manifest.Request("A box", sha256("A box".getBytes(UTF_8)), DesignMode.STANDARD, "ab".repeat(32)),
                new Manifest.Workflow("order-7", "run-1"),
                new Manifest.Delivery(DeliveredBy.WEBHOOK, "storage.example", ARCHIVED_AT, "1.2.3"),
                null,
                null);
    }

    /** 64 lower-case hex digits. */
    public static String sha256(byte[] content) {
        return HexFormat.of().formatHex(Disk.sha256().digest(content));
    }
}
