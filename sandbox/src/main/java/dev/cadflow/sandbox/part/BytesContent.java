package dev.cadflow.sandbox.part;

/** A content held in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared: the array is the point
record BytesContent(byte[] bytes) implements FileContent {

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        System.arraycopy(bytes, Math.toIntExact(position), target, offset, length);
    }
}
