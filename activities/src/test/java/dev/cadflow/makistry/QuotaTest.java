package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadflow.workflow.FailureType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class QuotaTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final SteppedClock clock = new SteppedClock();
    private final Quota quota = new Quota(QuotaLimits.DEFAULT, Duration.ZERO, clock);
    private long keys;

    @Test
    void theDefaultIsWhatMakistryDocuments() {
        assertThat(QuotaLimits.DEFAULT).isEqualTo(new QuotaLimits(20, 100, Duration.ofMinutes(1), Duration.ofHours(1)));
    }

    @Test
    void submitsByWebhookMayUseTheWholeQuota() {
        UUID next = nextKey();
        for (int minute = 0; minute < 5; minute++) {
            submit(next);
            for (int i = 0; i < 19; i++) {
                submit(nextKey());
            }
            UUID refused = nextKey();
            assertThat(waitOf(() -> submit(refused))).isPositive();
            clock.advance(Duration.ofMinutes(1).plus(SOON));
            next = refused;
        }
        UUID last = next;
        assertThat(waitOf(() -> submit(last))).isBetween(Duration.ofMinutes(54), Duration.ofMinutes(56));
    }

    @Test
    void aRequestCountsFromItsAnswerForNobodyKnowsWhenItArrived() {
        List<Quota.Turn> underWay = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            underWay.add(quota.submit(nextKey(), true));
        }
        clock.advance(Duration.ofSeconds(30));
        underWay.forEach(Quota.Turn::close);
        clock.advance(Duration.ofSeconds(31));

        assertThat(waitOf(() -> submit(nextKey()))).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
    }

    @Test
    void aRequestThatNeverLeftDoesNotCount() {
        for (int i = 0; i < 200; i++) {
            try (Quota.Turn turn = quota.submit(nextKey(), true)) {
                turn.notSent();
            }
        }
        submit(nextKey());
    }

    @Test
    void whoIsToldToComeBackComesJustBeforeItsTurnSoThatNoneOfItIsLost() {
        Quota patient = new Quota(QuotaLimits.DEFAULT, Duration.ofSeconds(3), clock);
        for (int i = 0; i < 20; i++) {
            patient.submit(nextKey(), true).close();
        }

        assertThat(waitOf(() -> patient.submit(nextKey(), true)))
                .isBetween(Duration.ofSeconds(58), Duration.ofSeconds(59));
    }

    @Test
    void turnsAreBookedInTheOrderInWhichTheyWereAskedFor() {
        for (int i = 0; i < 20; i++) {
            submit(nextKey());
        }
        List<UUID> waiting = new ArrayList<>();
        List<Duration> waits = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            UUID key = nextKey();
            waiting.add(key);
            waits.add(waitOf(() -> submit(key)));
        }

        assertThat(waits.subList(0, 20)).allSatisfy(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(61)));
        assertThat(waits.subList(20, 25)).allSatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofSeconds(119)));
    }

    @Test
    void whoAsksAgainKeepsItsPlaceAndNobodyOvertakes() {
        for (int i = 0; i < 20; i++) {
            submit(nextKey());
        }
        List<UUID> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            UUID key = nextKey();
            waiting.add(key);
            waitOf(() -> submit(key));
        }
        clock.advance(Duration.ofSeconds(61));

        assertThat(waitOf(() -> submit(nextKey())))
                .as("a newcomer, when all turns are booked")
                .isPositive();
        waiting.forEach(this::submit);
    }

    @Test
    void whoDoesNotComeHoldsNobodyUpForLong() {
        for (int i = 0; i < 20; i++) {
            submit(nextKey());
        }
        for (int i = 0; i < 20; i++) {
            UUID gone = nextKey();
            waitOf(() -> submit(gone));
        }
        clock.advance(Duration.ofSeconds(61));
        UUID newcomer = nextKey();
        waitOf(() -> submit(newcomer));
        clock.advance(Duration.ofSeconds(6));

        submit(newcomer);
    }

    @Test
    void whereJobsMustBeLookedAtSubmitsLeaveThemAShareOfBothWindows() {
        for (int i = 0; i < 18; i++) {
            quota.submit(nextKey(), false).close();
        }
        assertThat(waitOf(() -> quota.submit(nextKey(), false).close())).isPositive();
        look();
        for (int minute = 0; minute < 200; minute++) {
            clock.advance(Duration.ofSeconds(30));
            tryTo(() -> quota.submit(nextKey(), false).close());
        }

        look();
    }

    @Test
    void looksWithNobodyInLineNeedNotWait() {
        for (int i = 0; i < 8; i++) {
            look();
            clock.advance(Duration.ofSeconds(5));
        }
    }

    @Test
    void whileSubmitsWaitLooksComeEverMoreSeldom() {
        for (int i = 0; i < 20; i++) {
            submit(nextKey());
        }
        UUID waiting = nextKey();
        waitOf(() -> submit(waiting));
        List<Duration> between = new ArrayList<>();
        Instant last = clock.instant();
        int looks = 0;
        for (int second = 0; second < 3600 && looks < 12; second++) {
            clock.advance(SOON);
            tryTo(() -> submit(nextKey()));
            if (tryTo(this::look)) {
                between.add(Duration.between(last, clock.instant()));
                last = clock.instant();
                looks++;
            }
        }

        assertThat(between.subList(3, between.size())).isSorted();
        assertThat(between.get(11)).isGreaterThan(Duration.ofSeconds(90));
    }

    @Test
    void aRefusalStopsAllCallersForOneTwoFourAndEightMinutes() {
        for (int minutes : new int[] {1, 2, 4, 8, 8}) {
            try (Quota.Turn turn = quota.look()) {
                assertThat(turn.refused(Duration.ZERO)).isEqualTo(Duration.ofMinutes(minutes));
            }
            assertThat(waitOf(this::look)).isEqualTo(Duration.ofMinutes(minutes));
            assertThat(waitOf(() -> submit(nextKey()))).isEqualTo(Duration.ofMinutes(minutes));
            clock.advance(Duration.ofMinutes(minutes));
        }
    }

    @Test
    void aSuccessEndsTheGrowthOfTheBackOff() {
        refuse(Duration.ZERO);
        clock.advance(Duration.ofMinutes(1));
        look();

        assertThat(refuse(Duration.ZERO)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void requestsThatAreRefusedTogetherAreOneRefusal() {
        Quota.Turn one = quota.look();
        Quota.Turn other = quota.look();
        clock.advance(SOON);
        one.refused(Duration.ZERO);
        clock.advance(SOON);
        other.refused(Duration.ZERO);

        assertThat(waitOf(this::look)).isEqualTo(Duration.ofSeconds(59));
    }

    @Test
    void makistryMayAskForALongerWait() {
        assertThat(refuse(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(10));
        assertThat(waitOf(this::look)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void overADayOfAllKindsOfCallersTheLimitIsKeptAndUsed() {
        Random random = new Random(7);
        WindowCount server = new WindowCount();
        List<UUID> waiting = new ArrayList<>();
        List<Runnable> answers = new ArrayList<>();
        int submitted = 0;
        for (int step = 0; step < 24 * 3600; step++) {
            clock.advance(SOON);
            answers.removeIf(answer -> random.nextInt(4) == 0 && done(answer));
            if (random.nextInt(10) == 0) {
                waiting.add(nextKey());
            }
            if (!waiting.isEmpty() && random.nextInt(3) > 0) {
                UUID key = waiting.get(random.nextInt(Math.min(waiting.size(), 30)));
                if (tryTo(() -> send(quota.submit(key, random.nextBoolean()), server, answers, random))) {
                    waiting.remove(key);
                    submitted++;
                }
            }
            if (random.nextInt(3) == 0) {
                tryTo(() -> send(quota.look(), server, answers, random));
            }
            if (waiting.size() > 300) {
                waiting.subList(200, waiting.size()).clear();
            }
        }

        server.isWithin(QuotaLimits.DEFAULT);
        assertThat(server.total()).isGreaterThan(24 * 90);
        assertThat(submitted).isGreaterThan(24 * 70);
    }

    @Test
    void realThreadsKeepTheLimitToo() throws Exception {
        QuotaLimits limits = new QuotaLimits(5, 40, Duration.ofMillis(100), Duration.ofSeconds(2));
        Quota shared = new Quota(limits, Duration.ofSeconds(30), Clock.systemUTC());
        WindowCount server = new WindowCount();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                boolean look = i % 7 == 0;
                calls.add(threads.submit(() -> {
                    try (Quota.Turn turn = look ? shared.look() : shared.submit(UUID.randomUUID(), true)) {
                        server.arrivedAt(Instant.now());
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(server.total()).isEqualTo(70);
        server.isWithin(limits);
    }

    @Test
    void limitsThatLetNothingThroughAreRefused() {
        assertThatThrownBy(() -> QuotaLimits.of(0, 100)).hasMessageContaining("at least 1 request");
        assertThatThrownBy(() -> QuotaLimits.of(20, -1)).hasMessageContaining("at least 1 request");
        assertThatThrownBy(() -> new QuotaLimits(1, 1, Duration.ZERO, SOON)).hasMessageContaining("positive");
    }

    @Test
    void theSmallestQuotaServesEveryoneInTheEnd() {
        Quota tiny = new Quota(QuotaLimits.of(1, 2), Duration.ZERO, clock);
        UUID key = nextKey();
        tiny.submit(key, false).close();
        boolean looked = false;
        boolean submitted = false;
        UUID next = nextKey();
        for (int minute = 0; minute < 240; minute++) {
            clock.advance(Duration.ofMinutes(1));
            submitted = submitted || tryTo(() -> tiny.submit(next, false).close());
            looked = looked || tryTo(() -> tiny.look().close());
        }

        assertThat(submitted).isTrue();
        assertThat(looked).isTrue();
    }

    /** A request that arrives as soon as it is sent, or just before it is answered; now and then never. */
    private void send(Quota.Turn turn, WindowCount server, List<Runnable> answers, Random random) {
        int luck = random.nextInt(20);
        if (luck == 0) {
            turn.notSent();
            turn.close();
        } else if (luck < 10) {
            server.arrivedAt(clock.instant());
            answers.add(turn::close);
        } else {
            answers.add(() -> {
                server.arrivedAt(clock.instant());
                turn.close();
            });
        }
    }

    private static boolean done(Runnable answer) {
        answer.run();
        return true;
    }

    private UUID nextKey() {
        return new UUID(0, ++keys);
    }

    private void submit(UUID key) {
        quota.submit(key, true).close();
    }

    private void look() {
        quota.look().close();
    }

    private Duration refuse(Duration asked) {
        try (Quota.Turn turn = quota.look()) {
            return turn.refused(asked);
        }
    }

    private static Duration waitOf(Runnable call) {
        MakistryException notYet = catchThrowableOfType(MakistryException.class, call::run);
        assertThat(notYet).as("a refusal").isNotNull();
        assertThat(notYet.type()).isEqualTo(FailureType.QUOTA_EXCEEDED);
        return notYet.retryAfter().orElseThrow();
    }

    private static boolean tryTo(Runnable call) {
        try {
            call.run();
            return true;
        } catch (MakistryException notYet) {
            assertThat(notYet.type()).isEqualTo(FailureType.QUOTA_EXCEEDED);
            return false;
        }
    }
}
