package org.fobstation.station;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.fobstation.pcsc.NativeSmartCardService;
import org.fobstation.pcsc.SmartCardService;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The one entry point: {@code java -jar fob-station.jar <command>}. */
@Command(
        name = "station",
        mixinStandardHelpOptions = true,
        versionProvider = StationVersion.class,
        description = "Provisions NFC key fobs at the end of the line.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ReplayCommand.class,
            ClearAttemptsCommand.class,
            ReleaseCommand.class,
            VerifyCommand.class,
            ExportCommand.class,
            RepairCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed while running",
            "2:wrong command line, configuration or route",
            "128 and the signal's number:stopped by a signal"
        })
public final class StationMain implements Callable<Integer> {

    /** Done. */
    public static final int DONE = 0;
    /** Something failed while running. */
    public static final int FAILED = 1;
    /** The command line, the configuration or a route is not usable. */
    public static final int UNUSABLE = 2;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    public static void main(String[] arguments) {
        logTo(StationHome.find());
        System.exit(commandLine().execute(arguments));
    }

    /** The command line with every command on the class path. */
    static CommandLine commandLine() {
        return commandLine(NativeSmartCardService::new);
    }

    /** As the other one, with a stand-in for this machine's readers. */
    static CommandLine commandLine(Supplier<SmartCardService> cards) {
        CommandLine.IFactory commands = new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type == RunCommand.class
                        ? type.cast(new RunCommand(cards))
                        : CommandLine.defaultFactory().create(type);
            }
        };
        CommandLine line = new CommandLine(new StationMain(), commands);
        ServiceLoader.load(StationCommand.class).forEach(line::addSubcommand);
        // Now, because it is set for all commands when it is first asked for.
        line.setOut(line.getOut());
        // A table is read by programs, on other machines too: not in the charset of this one's console.
        line.getSubcommands().get("export").setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(CommandFailures::misused);
        line.setExecutionExceptionHandler((exception, command, parsed) -> CommandFailures.failed(exception, command));
        return line;
    }

    /** The site's log settings, where there are any; the ones in the jar otherwise. Before the first logger is made. */
    private static void logTo(Path home) {
        Path settings = home.resolve("config").resolve("log4j2.properties");
        if (System.getProperty("log4j2.configurationFile") == null && Files.isRegularFile(settings)) {
            System.setProperty("log4j2.configurationFile", settings.toUri().toString());
        }
        if (System.getProperty("station.home") == null) {
            System.setProperty("station.home", home.toString());
        }
    }
}
