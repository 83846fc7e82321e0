package org.fobstation.station;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a command says to whom gave it when it cannot do what it should: one reason and a remedy, no stack trace. */
final class CommandFailures {

    private CommandFailures() {}

    /** The whole usage would push the reason out of sight; it is printed only where no command was named at all. */
    static int misused(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(exception.getMessage());
        UnmatchedArgumentException.printSuggestions(exception, err);
        if (arguments.length == 0) {
            command.usage(err);
        } else {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return StationMain.UNUSABLE;
    }

    /** @throws Exception the given one, if it is a fault of the program and not of the station's surroundings */
    static int failed(Exception exception, CommandLine command) throws Exception {
        PrintWriter err = command.getErr();
        if (exception instanceof SettingsException settings) {
            err.println(
                    "The station does not start: " + settings.problems().size() + " problem(s) in the configuration");
            settings.problems().forEach(problem -> err.println("  " + problem));
            return StationMain.UNUSABLE;
        }
        if (exception instanceof StationStartException start) {
            err.println("The station does not start: " + start.getMessage());
            return start.exitCode();
        }
        if (exception instanceof FileSystemException file) {
            err.println(sentence(file, Path.of("")) + ". Check path and permissions.");
            return StationMain.FAILED;
        }
        throw exception;
    }

    /**
     * Where a file operation failed and why, without a full stop.
     *
     * @param otherwise named where the exception names no file
     */
    static String sentence(IOException exception, Path otherwise) {
        if (exception instanceof FileSystemException file && file.getFile() != null) {
            return file.getFile() + ": " + reason(file);
        }
        return otherwise + ": "
                + Objects.requireNonNullElse(
                        exception.getMessage(), exception.getClass().getSimpleName());
    }

    private static String reason(FileSystemException exception) {
        if (exception instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (exception instanceof AccessDeniedException) {
            return "the station's user may not use it";
        }
        if (exception instanceof DirectoryNotEmptyException) {
            return "a folder stands where a file belongs";
        }
        if (exception instanceof FileAlreadyExistsException || exception instanceof NotDirectoryException) {
            return "a file stands where a folder belongs";
        }
        return Objects.requireNonNullElse(
                exception.getReason(), exception.getClass().getSimpleName());
    }
}
