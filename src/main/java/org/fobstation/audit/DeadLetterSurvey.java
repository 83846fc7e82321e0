package org.fobstation.audit;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.StringJoiner;

/** Counts the files among the dead letters that no replay takes as they are. Changes nothing: the interval writes the notes. */
final class DeadLetterSurvey {

    /** How many files are looked at: who waits for the answer waits for this too. */
    static final int FILES_MAX = 1_000;

    private final DeadLetters deadLetters;
    private int refused;
    private int waiting;
    private boolean isWhole = true;

    private DeadLetterSurvey(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * Looks at the files there are.
     *
     * @param end when no further file is looked at, on the clock of {@link System#nanoTime()}
     * @return for a human, a line for each kind of file that stays; empty where there is none
     */
    static String of(DeadLetters deadLetters, long end) {
        DeadLetterSurvey survey = new DeadLetterSurvey(deadLetters);
        try (DirectoryStream<Path> files = deadLetters.files()) {
            survey.look(files, end);
            return survey.sentences();
        } catch (IOException | DirectoryIteratorException | JournalException e) {
            return "The files among the dead letters could not be looked at: " + e.getMessage();
        }
    }

    private void look(Iterable<Path> files, long end) throws JournalException {
        int looked = 0;
        for (Path file : files) {
            if (looked == FILES_MAX || System.nanoTime() - end > 0) {
                isWhole = false;
                return;
            }
            looked++;
            count(file);
        }
    }

    private void count(Path file) throws JournalException {
        try {
            Ticket ticket = deadLetters.judge(file);
            if (ticket.isRefused()) {
                refused++;
            } else if (ticket.state() == Ticket.State.INCOMPLETE) {
                waiting++;
            }
        } catch (NoSuchFileException takenByNow) {
            // Whatever it was, it is left no more.
        } catch (IOException unreadable) {
            // The interval logs why.
            waiting++;
        }
    }

    private String sentences() {
        StringJoiner sentences = new StringJoiner("\n");
        if (refused > 0) {
            sentences.add("Files among the dead letters that are refused: " + refused
                    + "; a note beside each says why, the next interval writes those that are missing.");
        }
        if (waiting > 0) {
            sentences.add("Files among the dead letters that are not complete or cannot be read: " + waiting
                    + "; they wait until they are whole.");
        }
        if (!isWhole) {
            sentences.add("Not all files among the dead letters were looked at.");
        }
        return sentences.toString();
    }
}
