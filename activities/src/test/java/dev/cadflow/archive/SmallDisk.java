package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small disk of its own in memory, which only root can mount: elsewhere the test is skipped and says so. */
public final class SmallDisk implements AutoCloseable {
    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /** A disk on that folder. */
    public static SmallDisk mounted(Path at, int mebibytes) {
        requireDone("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=0750", "cadflow-test", at.toString());
        return new SmallDisk(at);
    }

    /** Gives it another size. */
    public void resize(int mebibytes) {
        requireDone("mount", "-o", "remount,size=" + mebibytes + "m", at.toString());
    }

    /** Lets nobody write to it. */
    public void readOnly() {
        requireDone("mount", "-o", "remount,ro", at.toString());
    }

    /** Lets it be written to again. */
    public void writable() {
        requireDone("mount", "-o", "remount,rw", at.toString());
    }

    /** Makes a folder immutable, for root too, or mutable again. */
    public static void immutable(Path folder, boolean immutable) {
        requireDone("chattr", immutable ? "+i" : "-i", folder.toString());
    }

    @Override
    public void close() {
        requireDone("umount", at.toString());
    }

    private static void requireDone(String... command) {
        String said;
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() == 0) {
                return;
            }
        } catch (IOException missing) {
            said = String.valueOf(missing.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            said = "interrupted";
        }
        Assumptions.abort("Disks in trouble need root, and rights to mount: " + said.strip());
    }
}
