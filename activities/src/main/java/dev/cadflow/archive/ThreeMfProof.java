package dev.cadflow.archive;

import dev.cadflow.workflow.Measures;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Proves a 3MF file: the ZIP with every entry's checksum, the package by which the model is found, and the model with
 * its meshes, components and build items, those in further model parts (production extension) too.
 *
 * <p>Found for sure: every cut, every damaged byte of a compressed or stored entry (each has a CRC-32), of the directory
 * where it matters, corners that are not finite, triangles that name no corner, objects that are not there or contain
 * themselves. Not found: damage to dates and attributes of the ZIP, and to what is no content.
 *
 * <p>Bounded: the directory to 4 MiB, entries to {@value #MOST_ENTRIES}, all entries together to
 * {@value #MOST_INFLATED} bytes and to {@value #MOST_RATIO} times the file, XML as {@link SafeXml} has it.
 */
final class ThreeMfProof implements FormatProof {
    private static final int MOST_ENTRIES = 10_000;
    private static final long MOST_INFLATED = 8L << 30;
    private static final long MOST_RATIO = 300;
    private static final long ALWAYS_ALLOWED = 16L << 20;
    private static final int LONGEST_SHOWN = 200;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String CONTENT_TYPES = "[content_types].xml";
    private static final String RELATIONSHIPS = "_rels/.rels";
    private static final String MODEL_RELATIONSHIP = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";

    @Override
    public Measures prove(Path file, ProofProgress progress) throws InvalidCadFile, IOException {
        ZipDirectory.check(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new Run(zip, file.toFile().length(), progress).prove();
        } catch (ZipException | EOFException broken) {
            throw invalid("a ZIP archive", broken.getMessage());
        } catch (IllegalArgumentException badName) {
            throw invalid("entry names in UTF-8", "others");
        }
    }

    static InvalidCadFile invalid(String expected, @Nullable String found) {
        return new InvalidCadFile("3MF: expected " + shown(expected) + ", found " + shown(String.valueOf(found)));
    }

    private static String shown(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) : text;
    }

    /** One file's proof. */
    private static final class Run {
        private final ZipFile zip;
        private final long fileBytes;
        private final ProofProgress progress;
        private final Map<String, ZipEntry> entries = new HashMap<>();

        Run(ZipFile zip, long fileBytes, ProofProgress progress) {
            this.zip = zip;
            this.fileBytes = fileBytes;
            this.progress = progress;
        }

        Measures prove() throws InvalidCadFile, IOException {
            readEveryEntry();
            if (!entries.containsKey(CONTENT_TYPES)) {
                throw invalid("[Content_Types].xml", "none");
            }
            String start = startPart();
            ThreeMfModel model = new ThreeMfModel();
            Deque<String> open = new ArrayDeque<>();
            Set<String> met = new HashSet<>();
            open.add(start);
            while (!open.isEmpty()) {
                String part = open.remove();
                if (met.add(part)) {
                    try (InputStream in = opened(part)) {
                        open.addAll(model.read(part, part.equals(start), in));
                    }
                }
            }
            ThreeMfBuild build = new ThreeMfBuild(model);
            for (String part : met) {
                if (build.wantsCornersOf(part)) {
                    try (InputStream in = opened(part)) {
                        ThreeMfModel.corners(part, in, build);
                    }
                }
            }
            progress.read(fileBytes);
            return build.measures();
        }

        private void readEveryEntry() throws InvalidCadFile, IOException {
            long allowed = Math.min(MOST_INFLATED, Math.max(ALWAYS_ALLOWED, fileBytes * MOST_RATIO));
            long inflated = 0;
            long done = 0;
            byte[] buffer = new byte[BUFFER_BYTES];
            Enumeration<? extends ZipEntry> all = zip.entries();
            while (all.hasMoreElements()) {
                ZipEntry entry = all.nextElement();
                if (entries.size() >= MOST_ENTRIES) {
                    throw invalid("at most " + MOST_ENTRIES + " entries", "more");
                }
                if (entries.put(entry.getName().toLowerCase(Locale.ROOT), entry) != null) {
                    throw invalid("each entry once", "\"" + entry.getName() + "\" again");
                }
                CRC32 crc = new CRC32();
                long size = 0;
                try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
                    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                        size += read;
                        inflated += read;
                        if (inflated > allowed) {
                            throw invalid("at most " + allowed + " bytes in all entries", "more");
                        }
                        progress.read(Math.min(fileBytes, done));
                    }
                }
                done += Math.max(0, entry.getCompressedSize());
                if (size != entry.getSize() || crc.getValue() != entry.getCrc()) {
                    throw invalid("entry \"" + entry.getName() + "\" as its checksum has it", "other content");
                }
            }
        }

        /** The model part that the package begins with. */
        private String startPart() throws InvalidCadFile, IOException {
            if (!entries.containsKey(RELATIONSHIPS)) {
                throw invalid(RELATIONSHIPS, "none");
            }
            String[] start = {null};
            try (InputStream in = opened(RELATIONSHIPS)) {
                SafeXml.read(in, (name, attributes) -> {
                    if ("Relationship".equals(name.getLocalPart())
                            && MODEL_RELATIONSHIP.equals(attributes.get("Type"))
                            && start[0] == null) {
                        start[0] = partName(attributes.required("Target"));
                    }
                });
            }
            if (start[0] == null) {
                throw invalid("a relationship to the 3D model in " + RELATIONSHIPS, "none");
            }
            return start[0];
        }

        private InputStream opened(String part) throws InvalidCadFile, IOException {
            ZipEntry entry = entries.get(part);
            if (entry == null) {
                throw invalid("part \"" + part + "\"", "none");
            }
            return new FilterInputStream(zip.getInputStream(entry)) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    progress.read(fileBytes);
                    return super.read(buffer, offset, length);
                }
            };
        }
    }

    /** A part's name as the ZIP has it, in lower case, for names of parts are compared so. */
    static String partName(String target) {
        return (target.startsWith("/") ? target.substring(1) : target).toLowerCase(Locale.ROOT);
    }
}
