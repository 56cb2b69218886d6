package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadflow.workflow.OutputFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All files of all writers, their cuts at every percent, and the damage that each format's proof promises to find. */
@Timeout(300)
final class ProofTableTest {
    private static final Pattern STEP_TOKEN =
            Pattern.compile("'[^']*+'|\"[^\"]*+\"|/\\*.*?\\*/|#(\\d++)\\s*+(=?)|[(),;]", Pattern.DOTALL);
    private static final Pattern STEP_LINE = Pattern.compile("(?m)^#(\\d+) *=.*;\r?\n");
    private static final Pattern BETWEEN_WHOLE_NUMBERS = Pattern.compile("(?<=[(,]\\d{1,9})(,)(?=\\d+[,)])");
    private static final Pattern STL_KEYWORD = Pattern.compile("(?im)^\\s*(solid|endsolid|endloop|endfacet|vertex)\\b"
            + "|^\\s*(facet)\\s+(normal)|^\\s*(outer)\\s+(loop)");
    private static final int CASE = 0x20;
    private static final int EACH = 15;
    private static final int HOLE_BYTES = 2048;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path scratch;

    /** What was tried and what came of it. */
    private static final class Row {
        private int files;
        private final List<String> refused = new ArrayList<>();
        private int cuts;
        private final List<String> cutsAccepted = new ArrayList<>();
        private int damages;
        private final List<String> damagesMissed = new ArrayList<>();
    }

    @Test
    void takesEveryGoodFileAndFindsEveryCutAndAllDamageThatItPromisesToFind() throws IOException {
        Map<OutputFormat, Row> rows = new EnumMap<>(OutputFormat.class);
        for (String name : Corpus.names().toList()) {
            byte[] whole = Corpus.bytes(name);
            OutputFormat format = Corpus.format(name);
            Row row = rows.computeIfAbsent(format, first -> new Row());
            row.files++;
            if (isRefused(whole, format)) {
                row.refused.add(name);
            }
            for (int percent = 0; percent < 100; percent++) {
                row.cuts++;
                byte[] cut = Arrays.copyOf(whole, (int) ((long) whole.length * percent / 100));
                if (!isRefused(cut, format)) {
                    row.cutsAccepted.add(name + " at " + percent + " %");
                }
            }
            for (Damage damage : damages(whole, format)) {
                row.damages++;
                if (!isRefused(damage.to(whole), format)) {
                    row.damagesMissed.add(name + " " + damage);
                }
            }
        }
        print(rows);
        assertThat(rows.keySet()).containsExactlyInAnyOrder(OutputFormat.values());
        assertThat(rows.values()).allSatisfy(row -> {
            assertThat(row.damages).isPositive();
            assertThat(row.refused).isEmpty();
            assertThat(row.cutsAccepted).isEmpty();
            assertThat(row.damagesMissed).isEmpty();
        });
    }

    @Test
    void ofSeveralAsciiSolidsEveryCutIsFoundButTheOneBetweenThem() throws IOException {
        byte[] one = Corpus.bytes("threejs-ascii.stl");
        byte[] two = (text(one).stripTrailing() + "\n" + text(one)).getBytes(ISO_8859_1);
        int between = text(two).indexOf("endsolid") + "endsolid".length();
        int second = text(two).indexOf("solid", between);
        int end = text(two).lastIndexOf("endsolid") + "endsolid".length();
        List<Integer> accepted = new ArrayList<>();
        for (int length = 0; length < end; length++) {
            if (!isRefused(Arrays.copyOf(two, length), OutputFormat.STL)) {
                accepted.add(length);
            }
        }

        assertThat(accepted)
                .isNotEmpty()
                .allSatisfy(length -> assertThat(length).isBetween(between, second));
    }

    // What the table is for.
    @SuppressWarnings("SystemOut")
    private static void print(Map<OutputFormat, Row> rows) {
        StringBuilder table = new StringBuilder("proof: format, good files, refused, cuts, accepted, damages, found\n");
        rows.forEach((format, row) -> table.append(String.format(
                Locale.ROOT,
                "proof: %-8s %3d %3d %6d %3d %6d %6d%n",
                format,
                row.files,
                row.refused.size(),
                row.cuts,
                row.cutsAccepted.size(),
                row.damages,
                row.damages - row.damagesMissed.size())));
        System.out.print(table);
    }

    private boolean isRefused(byte[] content, OutputFormat format) throws IOException {
        return Corpus.refusal(scratch, content, format) != null;
    }

    /** Other bytes in the place of some. */
    private record Damage(int from, int to, byte... with) {
        static Damage of(int at, int with) {
            return new Damage(at, at + 1, (byte) with);
        }

        byte[] to(byte[] whole) {
            ByteBuffer damaged = ByteBuffer.allocate(from + with.length + whole.length - to);
            return damaged.put(whole, 0, from)
                    .put(with)
                    .put(whole, to, whole.length - to)
                    .array();
        }

        @Override
        public String toString() {
            return "with " + Arrays.toString(with) + " for bytes " + from + " to " + to;
        }
    }

    /** What the Javadoc of each format's proof says is found for sure. */
    private static List<Damage> damages(byte[] whole, OutputFormat format) {
        return switch (format) {
            case STEP -> stepDamages(whole);
            case STL -> isBinaryStl(whole) ? binaryStlDamages(whole) : keywordDamages(whole);
            case GLB -> glbDamages(whole);
            case THREE_MF -> entryDamages(whole);
        };
    }

    private static List<Damage> stepDamages(byte[] whole) {
        Map<String, List<Integer>> marks = new TreeMap<>();
        Set<String> referenced = new HashSet<>();
        Map<String, Integer> defined = new TreeMap<>();
        Matcher token = STEP_TOKEN.matcher(text(whole));
        boolean hasComment = false;
        while (token.find()) {
            String first = token.group().substring(0, 1);
            hasComment |= "/".equals(first);
            if ("#".equals(first) && token.group(2).isEmpty()) {
                referenced.add(token.group(1));
            } else if ("#".equals(first)) {
                defined.put(token.group(1), token.start(1));
                places(marks, "=").add(token.start(2));
            } else if ("'".equals(first)) {
                places(marks, first).addAll(List.of(token.start(), token.end() - 1));
            } else if ("(),;".contains(first)) {
                places(marks, first).add(token.start());
            }
        }
        if (hasComment) {
            marks.remove("'");
        }
        List<Damage> damages = new ArrayList<>();
        marks.values().forEach(places -> sample(places).forEach(at -> damages.addAll(flips(whole, at, at + 1))));
        Matcher pair = BETWEEN_WHOLE_NUMBERS.matcher(text(whole));
        while (pair.find()) {
            damages.removeIf(damage -> damage.from() == pair.start() && damage.with()[0] == '.');
        }
        defined.keySet().retainAll(referenced);
        sample(List.copyOf(defined.keySet())).forEach(id -> {
            int at = defined.getOrDefault(id, 0);
            damages.addAll(flips(whole, at, at + id.length()));
        });
        lineDamages(whole, referenced, damages);
        for (int i = 0; i < EACH; i++) {
            damages.add(Damage.of((int) ((long) whole.length * i / EACH), i % 9));
        }
        return damages;
    }

    private static List<Integer> places(Map<String, List<Integer>> marks, String mark) {
        return marks.computeIfAbsent(mark, first -> new ArrayList<>());
    }

    /** Lines that are an instance lost, where others refer to it, and doubled. */
    private static void lineDamages(byte[] whole, Set<String> referenced, List<Damage> damages) {
        sample(STEP_LINE.matcher(text(whole)).results().toList()).forEach(line -> {
            if (referenced.contains(line.group(1))) {
                damages.add(new Damage(line.start(), line.end()));
            }
            damages.add(new Damage(line.end(), line.end(), line.group().getBytes(ISO_8859_1)));
        });
    }

    /** Every bit of some keywords, but the one for the case. */
    private static List<Damage> keywordDamages(byte[] whole) {
        List<Damage> damages = new ArrayList<>();
        sample(STL_KEYWORD.matcher(text(whole)).results().toList()).forEach(found -> {
            for (int group = 1; group <= found.groupCount(); group++) {
                if (found.group(group) != null) {
                    damages.addAll(flips(whole, found.start(group), found.end(group)));
                }
            }
        });
        damages.removeIf(damage -> (damage.with()[0] ^ whole[damage.from()]) == CASE);
        return damages;
    }

    /** Every bit of the count, corners that are not finite, holes and appended bytes. */
    private static List<Damage> binaryStlDamages(byte[] whole) {
        List<Damage> damages = new ArrayList<>(flips(whole, 80, 84));
        int facets = (whole.length - 84) / 50;
        byte[] infinity = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(Float.POSITIVE_INFINITY)
                .array();
        for (int i = 0; i < EACH; i++) {
            int at = 84 + 50 * (int) ((long) facets * i / EACH) + 12;
            damages.add(new Damage(at, at + 4, infinity));
            int hole = (int) ((long) (whole.length - HOLE_BYTES) * i / EACH);
            if (hole > 0) {
                damages.add(new Damage(hole, hole + HOLE_BYTES, new byte[HOLE_BYTES]));
            }
        }
        appended(whole, damages);
        return damages;
    }

    /** Every bit of the header and of the chunks' headers, and appended bytes. */
    private static List<Damage> glbDamages(byte[] whole) {
        List<Damage> damages = new ArrayList<>(flips(whole, 0, 20));
        int second = 20 + ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        if (second < whole.length) {
            damages.addAll(flips(whole, second, second + 8));
        }
        appended(whole, damages);
        return damages;
    }

    private static void appended(byte[] whole, List<Damage> damages) {
        for (int count : new int[] {1, 2, 4, 8, 50}) {
            damages.add(new Damage(whole.length, whole.length, new byte[count]));
            damages.add(new Damage(whole.length, whole.length, Arrays.copyOf(whole, count)));
        }
    }

    /** Every bit of some bytes of each entry, which has a CRC-32. Of ZIP64 archives none: their sizes stand elsewhere. */
    private static List<Damage> entryDamages(byte[] whole) {
        List<Damage> damages = new ArrayList<>();
        ByteBuffer zip = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int end = whole.length - 22;
        while (zip.getInt(end) != 0x06054b50) {
            end--;
        }
        int entry = zip.getInt(end + 16);
        while (entry >= 0 && zip.getInt(entry) == 0x02014b50) {
            int size = zip.getInt(entry + 20);
            int header = zip.getInt(entry + 42);
            int data = header < 0 ? 0 : header + 30 + zip.getShort(header + 26) + zip.getShort(header + 28);
            for (int i = 0; i < EACH && data > 0 && size > EACH; i++) {
                int at = data + (int) ((long) size * i / EACH);
                damages.addAll(flips(whole, at, at + 1));
            }
            entry += 46 + zip.getShort(entry + 28) + zip.getShort(entry + 30) + zip.getShort(entry + 32);
        }
        return damages;
    }

    /** Every bit of these bytes. */
    private static List<Damage> flips(byte[] whole, int from, int to) {
        List<Damage> damages = new ArrayList<>();
        for (int bit = from * 8; bit < to * 8; bit++) {
            damages.add(Damage.of(bit / 8, whole[bit / 8] ^ 1 << bit % 8));
        }
        return damages;
    }

    /** Some of them, from the first on in equal steps, and the last. */
    private static <T> List<T> sample(List<T> all) {
        List<T> sample = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Math.max(1, all.size() / EACH)) {
            sample.add(all.get(i));
        }
        if (!all.isEmpty()) {
            sample.add(all.get(all.size() - 1));
        }
        return sample;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static boolean isBinaryStl(byte[] whole) {
        return whole.length
                == 84
                        + 50L
                                * ByteBuffer.wrap(whole)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getInt(80);
    }
}
