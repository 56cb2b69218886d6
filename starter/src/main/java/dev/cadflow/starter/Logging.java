package dev.cadflow.starter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/** How much of what libraries and our own classes log a short command shows. A worker logs as it is set up to. */
final class Logging {
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{24}: %msg%n%ex{short}";

    private Logging() {}

    /**
     * From now on, log lines go to the console's standard error, between what is said there.
     *
     * @param verbose whether to show what is informative besides what is a warning
     */
    static void toConsole(Console console, boolean verbose) {
        // gRPC logs by java.util.logging; all that a person can act on reaches them by our own messages.
        LogManager.getLogManager().reset();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(verbose ? Level.INFO : Level.WARN);
        root.addAppender(appender(context, console));
        if (!verbose) {
            // Its workers warn of every server that goes away; the watch over the workflow says what matters of that.
            context.getLogger("io.temporal").setLevel(Level.OFF);
        }
    }

    private static AppenderBase<ILoggingEvent> appender(LoggerContext context, Console console) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(PATTERN);
        layout.start();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                console.say(layout.doLayout(event).stripTrailing());
            }
        };
        appender.setContext(context);
        appender.start();
        return appender;
    }
}
