package dev.cadflow.starter;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line without a command: says what there is. */
@Command(
        name = "cadflow",
        description = "Durable CAD generation: a prompt becomes a verified, archived CAD file.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = CadflowCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the generation failed; the message says what to do next",
            "2:wrong usage or configuration; nothing was started or paid for",
            "130:interrupted"
        })
final class CadflowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCodes.USAGE;
    }

    /** The version of the build, from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CadflowCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "cadflow " + (version == null ? "(not packaged)" : version),
                "Java " + Runtime.version() + ", picocli " + CommandLine.VERSION
            };
        }
    }
}
