package dev.cadflow.archive;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A set of instance numbers in bounded memory: pages of bits, for a CAD system numbers its instances densely. At most
 * {@value #MOST_PAGES} pages of {@value #PAGE_BITS} numbers, 24 MiB.
 */
final class IdSet {
    private static final int PAGE_BITS = 4096;
    private static final int MOST_PAGES = 40_000;

    private final Map<Long, long[]> pages = new HashMap<>();
    private long lastPage = -1;
    private long[] last = {};

    /** Whether the number is new to the set. */
    boolean add(long id) throws InvalidCadFile {
        long[] page = page(id / PAGE_BITS);
        int bit = (int) (id % PAGE_BITS);
        long mask = 1L << bit;
        boolean isNew = (page[bit / Long.SIZE] & mask) == 0;
        page[bit / Long.SIZE] |= mask;
        return isNew;
    }

    /** The first number that the other set lacks. */
    OptionalLong firstNotIn(IdSet other) {
        for (Map.Entry<Long, long[]> entry : pages.entrySet()) {
            long[] theirs = other.pages.get(entry.getKey());
            long[] ours = entry.getValue();
            for (int i = 0; i < ours.length; i++) {
                long missing = theirs == null ? ours[i] : ours[i] & ~theirs[i];
                if (missing != 0) {
                    return OptionalLong.of(
                            entry.getKey() * PAGE_BITS + (long) i * Long.SIZE + Long.numberOfTrailingZeros(missing));
                }
            }
        }
        return OptionalLong.empty();
    }

    private long[] page(long number) throws InvalidCadFile {
        if (number != lastPage) {
            if (pages.size() >= MOST_PAGES && !pages.containsKey(number)) {
                throw new InvalidCadFile("STEP: expected instance numbers as a CAD system gives them, found them "
                        + "scattered over more than " + MOST_PAGES + " ranges of " + PAGE_BITS);
            }
            last = pages.computeIfAbsent(number, absent -> new long[PAGE_BITS / Long.SIZE]);
            lastPage = number;
        }
        return last;
    }
}
