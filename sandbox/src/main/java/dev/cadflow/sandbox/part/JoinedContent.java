package dev.cadflow.sandbox.part;

import java.util.List;

/** Contents that follow one another. */
record JoinedContent(List<FileContent> contents) implements FileContent {

    JoinedContent {
        contents = List.copyOf(contents);
    }

    @Override
    public long sizeBytes() {
        return contents.stream().mapToLong(FileContent::sizeBytes).sum();
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        long start = 0;
        int done = 0;
        for (FileContent content : contents) {
            long from = position + done - start;
            if (done < length && from < content.sizeBytes()) {
                int run = (int) Math.min(length - done, content.sizeBytes() - from);
                content.read(from, target, offset + done, run);
                done += run;
            }
            start += content.sizeBytes();
        }
    }
}
