package dev.cadflow.sandbox.part;

/** A unit of bytes, repeated up to a size. */
final class RepeatedContent implements FileContent {

    private static final int BLOCK_BYTES = 16 * 1024;

    private final byte[] block;
    private final long sizeBytes;

    RepeatedContent(byte[] unit, long sizeBytes) {
        if (unit.length == 0 || sizeBytes < 0) {
            throw new IllegalArgumentException("A repeated content needs a unit of at least one byte and a size of at"
                    + " least 0, found a unit of " + unit.length + " bytes and a size of " + sizeBytes);
        }
        // Several units in one block make a copy per block out of a copy per unit.
        int units = Math.max(1, BLOCK_BYTES / unit.length);
        this.block = new byte[units * unit.length];
        for (int i = 0; i < units; i++) {
            System.arraycopy(unit, 0, block, i * unit.length, unit.length);
        }
        this.sizeBytes = sizeBytes;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        int done = 0;
        while (done < length) {
            int from = (int) ((position + done) % block.length);
            int run = Math.min(length - done, block.length - from);
            System.arraycopy(block, from, target, offset + done, run);
            done += run;
        }
    }
}
