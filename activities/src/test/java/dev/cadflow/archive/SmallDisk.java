package dev.cadflow.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A small disk of its own in memory, which only root can mount, or who may become root without being asked. Elsewhere,
 * as in a container that may not mount, the test is skipped and says so, in CI too.
 */
public final class SmallDisk implements AutoCloseable {
    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /** A disk on that folder, which stays its owner's. */
    public static SmallDisk mounted(Path at, int mebibytes) {
        String options = "size=" + mebibytes + "m,mode=0750,uid=" + owner(at);
        requireDone(at, "mount", "-t", "tmpfs", "-o", options, "cadflow-test");
        return new SmallDisk(at);
    }

    /** Gives it another size. */
    public void resize(int mebibytes) {
        requireDone(at, "mount", "-o", "remount,size=" + mebibytes + "m");
    }

    /** Lets nobody write to it. */
    public void readOnly() {
        requireDone(at, "mount", "-o", "remount,ro");
    }

    /** Lets it be written to again. */
    public void writable() {
        requireDone(at, "mount", "-o", "remount,rw");
    }

    /** Makes a folder immutable, for root too, or mutable again. */
    public static void immutable(Path folder, boolean immutable) {
        requireDone(folder, "chattr", immutable ? "+i" : "-i");
    }

    @Override
    public void close() {
        requireDone(at, "umount");
    }

    private static int owner(Path folder) {
        try {
            return (int) Files.getAttribute(folder, "unix:uid");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void requireDone(Path folder, String... asRoot) {
        List<String> command = new ArrayList<>(owner(folder) == 0 ? List.of() : List.of("sudo", "-n"));
        command.addAll(List.of(asRoot));
        command.add(folder.toString());
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
        Assumptions.abort(
                "Disks in trouble need root, or sudo without a password, and rights to mount: " + said.strip());
    }
}
