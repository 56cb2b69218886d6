package dev.cadflow.activity.impl;

import dev.cadflow.activity.WaitPlan;
import dev.cadflow.makistry.TimeScale;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * From what an operator set, how a workflow waits for its job. A webhook is expected where a callback was registered,
 * and polls are only its safety net then; without one they are all there is.
 *
 * @param firstPolls with a callback: when each design mode is polled first; the mode's typical time
 * @param callbackInterval with a callback: from one poll to the next
 * @param fastInterval without a callback: when to poll first, and from one poll to the next at the beginning
 * @param fastFor without a callback: for how long that interval holds
 * @param interval without a callback: from one poll to the next after that
 * @param deadlines when each design mode gives up; a request's own deadline comes before it
 */
public record WaitPlans(
        Map<DesignMode, Duration> firstPolls,
        Duration callbackInterval,
        Duration fastInterval,
        Duration fastFor,
        Duration interval,
        Map<DesignMode, Duration> deadlines) {

    /**
     * Copies the maps and checks that every plan made of them makes progress and ends.
     *
     * @throws IllegalArgumentException where a design mode is missing, or a duration is not what {@link WaitPlan} takes
     */
    public WaitPlans {
        firstPolls = complete("first polls", firstPolls);
        deadlines = complete("deadlines", deadlines);
        for (DesignMode mode : DesignMode.values()) {
            Duration first = Objects.requireNonNull(firstPolls.get(mode));
            Duration deadline = Objects.requireNonNull(deadlines.get(mode));
            new WaitPlan(true, first, callbackInterval, Duration.ZERO, callbackInterval, deadline);
            new WaitPlan(false, fastInterval, fastInterval, fastFor, interval, deadline);
        }
    }

    /**
     * With a callback: first poll after 2, 5, 15 min (standard, pro, assembly), then every 60 s. Without: every 5 s for
     * 30 s, then every 15 s, as Makistry recommends. Deadlines 10, 15, 30 min.
     */
    public static WaitPlans defaults() {
        return builder().build();
    }

    /** A builder with the defaults set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The same for a Makistry whose time runs otherwise, as a sandbox's may.
     *
     * @param timeScale how long one of Makistry's seconds takes, in seconds
     */
    public WaitPlans atTimeScale(double timeScale) {
        UnaryOperator<Duration> scaled = duration -> TimeScale.applied(timeScale, duration);
        Map<DesignMode, Duration> scaledFirstPolls = new EnumMap<>(firstPolls);
        scaledFirstPolls.replaceAll((mode, duration) -> scaled.apply(duration));
        Map<DesignMode, Duration> scaledDeadlines = new EnumMap<>(deadlines);
        scaledDeadlines.replaceAll((mode, duration) -> scaled.apply(duration));
        return new WaitPlans(
                scaledFirstPolls,
                scaled.apply(callbackInterval),
                scaled.apply(fastInterval),
                scaled.apply(fastFor),
                scaled.apply(interval),
                scaledDeadlines);
    }

    /** How to wait for a job that was submitted just now. */
    public WaitPlan submitted(CadRequest request, boolean callbackRegistered) {
        if (!callbackRegistered) {
            return new WaitPlan(false, fastInterval, fastInterval, fastFor, interval, deadline(request));
        }
        Duration first = Objects.requireNonNull(firstPolls.get(request.designModeOrDefault()));
        return new WaitPlan(true, first, callbackInterval, Duration.ZERO, callbackInterval, deadline(request));
    }

    /**
     * How to wait for a job that somebody else submitted: it may be over already, so the first poll is at once, and
     * whether a webhook comes here is not known.
     */
    public WaitPlan adopted(CadRequest request) {
        return new WaitPlan(false, Duration.ZERO, fastInterval, fastFor, interval, deadline(request));
    }

    private Duration deadline(CadRequest request) {
        Duration own = request.deadline();
        return own != null ? own : Objects.requireNonNull(deadlines.get(request.designModeOrDefault()));
    }

    private static Map<DesignMode, Duration> complete(String name, Map<DesignMode, Duration> values) {
        for (DesignMode mode : DesignMode.values()) {
            if (!values.containsKey(mode)) {
                throw new IllegalArgumentException(
                        name + ": expected a duration for every design mode, found none for " + mode.wireName());
            }
        }
        return Map.copyOf(values);
    }

    /** Builds {@link WaitPlans}; each setter's meaning is that of the record's component. */
    public static final class Builder {
        private final Map<DesignMode, Duration> firstPolls = new EnumMap<>(Map.of(
                DesignMode.STANDARD, Duration.ofMinutes(2),
                DesignMode.PRO, Duration.ofMinutes(5),
                DesignMode.ASSEMBLY, Duration.ofMinutes(15)));
        private final Map<DesignMode, Duration> deadlines = new EnumMap<>(Map.of(
                DesignMode.STANDARD, Duration.ofMinutes(10),
                DesignMode.PRO, Duration.ofMinutes(15),
                DesignMode.ASSEMBLY, Duration.ofMinutes(30)));
        private Duration callbackInterval = Duration.ofSeconds(60);
        private Duration fastInterval = Duration.ofSeconds(5);
        private Duration fastFor = Duration.ofSeconds(30);
        private Duration interval = Duration.ofSeconds(15);

        private Builder() {}

        public Builder firstPoll(DesignMode mode, Duration after) {
            firstPolls.put(mode, after);
            return this;
        }

        public Builder deadline(DesignMode mode, Duration after) {
            deadlines.put(mode, after);
            return this;
        }

        public Builder callbackInterval(Duration interval) {
            this.callbackInterval = interval;
            return this;
        }

        public Builder fastInterval(Duration interval) {
            this.fastInterval = interval;
            return this;
        }

        public Builder fastFor(Duration span) {
            this.fastFor = span;
            return this;
        }

        public Builder interval(Duration interval) {
            this.interval = interval;
            return this;
        }

        public WaitPlans build() {
            return new WaitPlans(firstPolls, callbackInterval, fastInterval, fastFor, interval, deadlines);
        }
    }
}
