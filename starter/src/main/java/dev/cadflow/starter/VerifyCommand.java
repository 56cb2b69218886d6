package dev.cadflow.starter;

import dev.cadflow.archive.ArchiveException;
import dev.cadflow.archive.ArchiveVerifier;
import dev.cadflow.archive.ManifestKeys;
import dev.cadflow.worker.ArchiveSettings;
import dev.cadflow.worker.InvalidConfigException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks archived files against their manifests. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Checks archived files against their manifests, and manifests against their signatures:",
            "one file, or everything below a folder or a prefix.",
            "Writes a line for each file that differs, and a summary to standard error."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every file is what its manifest says",
            "1:a file differs, there is nothing to verify, or the archive cannot be read",
            "2:wrong usage or configuration"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Console console;
    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "PATH|URI",
            arity = "1",
            description = "A file or a folder, as a path or a file: URI, or s3://bucket/prefix; CADFLOW_S3_ENDPOINT and"
                    + " CADFLOW_S3_PATH_STYLE say how a store is reached.")
    private String place = "";

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description =
                    "An Ed25519 public key in PEM. Every manifest must be signed by it; repeat it for several keys"
                            + " of which one is enough. Default: signatures are not looked at.")
    private List<Path> publicKeys = new ArrayList<>();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what is logged, too.")
    private boolean verbose;

    /** Gets what it needs of the process. */
    VerifyCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Logging.toConsole(console, verbose);
        ArchiveVerifier.Report report;
        try {
            report = verified(new ArchiveVerifier(keys()));
        } catch (NoSuchFileException none) {
            throw new UsageException("PATH|URI: expected a file or a folder, found nothing at \"" + place + "\"", none);
        } catch (IOException unreadable) {
            console.say("cadflow: " + place + " cannot be read: " + unreadable.getMessage());
            return ExitCodes.FAILED;
        } catch (ArchiveException refused) {
            console.say("cadflow: " + refused.getMessage() + ". "
                    + refused.failure().details().nextStep());
            return ExitCodes.FAILED;
        }
        boolean isWritten = report.differences().isEmpty()
                || console.result(String.join(
                        System.lineSeparator(),
                        report.differences().stream()
                                .map(ArchiveVerifier.Difference::toString)
                                .toList()));
        console.say(summary(report));
        return report.isSound() && isWritten ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private ArchiveVerifier.Report verified(ArchiveVerifier verifier) throws IOException {
        try {
            if (place.startsWith("s3:")) {
                return verifier.verify(new URI(place), ArchiveSettings.s3(environment));
            }
            return verifier.verify(
                    place.startsWith("file:") ? Path.of(new URI(new URI(place).toASCIIString())) : Path.of(place));
        } catch (InvalidConfigException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        } catch (URISyntaxException | InvalidPathException | FileSystemNotFoundException malformed) {
            throw new UsageException(
                    "PATH|URI: expected a path, a file: URI or s3://bucket/prefix, found \"" + place + "\"", malformed);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("PATH|URI: " + wrong.getMessage(), wrong);
        }
    }

    private ManifestKeys keys() {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : publicKeys) {
            try {
                keys.add(ManifestKeys.publicKey(Files.readString(file)));
            } catch (IOException | IllegalArgumentException unusable) {
                throw new UsageException(
                        "--public-key: expected a file with an Ed25519 public key in PEM, found \"" + file + "\"",
                        unusable);
            }
        }
        return new ManifestKeys(keys);
    }

    private String summary(ArchiveVerifier.Report report) {
        int differences = report.differences().size();
        if (report.verified() == 0 && differences == 0) {
            return "Nothing to verify at " + place + ".";
        }
        String signed = publicKeys.isEmpty() ? "" : " and signed";
        return (report.verified() == 1 ? "1 file is" : report.verified() + " files are") + " as archived" + signed
                + (differences == 0 ? "." : "; " + differences + (differences == 1 ? " differs." : " differ."));
    }
}
