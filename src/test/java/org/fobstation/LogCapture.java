package org.fobstation;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** Everything that is logged while it is open, at level ALL, stack traces included. */
public final class LogCapture extends AbstractAppender implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Level before = root.getLevel();
    private final List<Appender> others = List.copyOf(root.getAppenders().values());

    private LogCapture() {
        super(
                "capture",
                null,
                PatternLayout.newBuilder().withPattern("%p %c %m%n%throwable").build(),
                false,
                Property.EMPTY_ARRAY);
    }

    public static LogCapture ofEverything() {
        LogCapture capture = new LogCapture();
        capture.start();
        // The console would get megabytes.
        capture.others.forEach(other -> capture.root.removeAppender(other.getName()));
        capture.root.addAppender(capture, Level.ALL, null);
        capture.root.setLevel(Level.ALL);
        capture.context.updateLoggers();
        return capture;
    }

    @Override
    public void append(LogEvent event) {
        lines.add(getLayout().toSerializable(event).toString());
    }

    /** One for each log call, with what its stack trace prints. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.removeAppender(getName());
        others.forEach(other -> root.addAppender(other, null, null));
        root.setLevel(before);
        context.updateLoggers();
        stop();
    }
}
