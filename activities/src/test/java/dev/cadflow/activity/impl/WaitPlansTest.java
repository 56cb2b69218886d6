package dev.cadflow.activity.impl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.activity.WaitPlan;
import dev.cadflow.workflow.CadRequest;
import dev.cadflow.workflow.DesignMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WaitPlansTest {
    private static final Duration ANY = Duration.ofSeconds(1);

    private final WaitPlans defaults = WaitPlans.defaults();

    @ParameterizedTest
    @CsvSource({"STANDARD, 2, 10", "PRO, 5, 15", "ASSEMBLY, 15, 30"})
    void withACallbackTheFirstPollIsAtTheModesTypicalTimeThenEveryMinute(DesignMode mode, int first, int deadline) {
        assertThat(defaults.submitted(request(mode), true))
                .isEqualTo(new WaitPlan(
                        true,
                        Duration.ofMinutes(first),
                        Duration.ofSeconds(60),
                        Duration.ZERO,
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(deadline)));
    }

    @ParameterizedTest
    @CsvSource({"STANDARD, 10", "PRO, 15", "ASSEMBLY, 30"})
    void withoutACallbackPollsComeEvery5SecondsFor30SecondsThenEvery15(DesignMode mode, int deadline) {
        assertThat(defaults.submitted(request(mode), false))
                .isEqualTo(new WaitPlan(
                        false,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(deadline)));
    }

    @Test
    void anAdoptedJobIsPolledAtOnce() {
        WaitPlan plan = defaults.adopted(CadRequest.adopting("pub_1"));

        assertThat(plan.firstPoll()).isZero();
        assertThat(plan.callbackRegistered()).isFalse();
        assertThat(plan.deadline()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void theRequestsOwnDeadlineWins() {
        CadRequest request = CadRequest.builder()
                .prompt("A box")
                .deadline(Duration.ofHours(2))
                .build();

        assertThat(defaults.submitted(request, true).deadline()).isEqualTo(Duration.ofHours(2));
        assertThat(defaults.submitted(request, false).deadline()).isEqualTo(Duration.ofHours(2));
        assertThat(defaults.adopted(request).deadline()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void anOperatorSetsEachOfThem() {
        WaitPlans plans = WaitPlans.builder()
                .firstPoll(DesignMode.STANDARD, Duration.ofSeconds(7))
                .callbackInterval(Duration.ofSeconds(8))
                .fastInterval(Duration.ofSeconds(1))
                .fastFor(Duration.ofSeconds(2))
                .interval(Duration.ofSeconds(3))
                .deadline(DesignMode.STANDARD, Duration.ofSeconds(90))
                .build();
        CadRequest request = CadRequest.of("A box");

        assertThat(plans.submitted(request, true).firstPoll()).isEqualTo(Duration.ofSeconds(7));
        assertThat(plans.submitted(request, true).interval()).isEqualTo(Duration.ofSeconds(8));
        assertThat(plans.submitted(request, false).fastInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plans.submitted(request, false).fastFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(plans.submitted(request, false).interval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(plans.submitted(request, false).deadline()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aPlanThatWouldNeverPollOrNeverEndIsRefusedWhenItIsSet() {
        WaitPlans.Builder never = WaitPlans.builder().interval(Duration.ZERO);
        WaitPlans.Builder negative = WaitPlans.builder().deadline(DesignMode.PRO, Duration.ofSeconds(-1));

        assertThatThrownBy(never::build).hasMessageContaining("interval: expected a positive duration");
        assertThatThrownBy(negative::build).hasMessageContaining("deadline: expected a positive duration");
        assertThatThrownBy(() -> new WaitPlans(Map.of(), ANY, ANY, ANY, ANY, Map.of()))
                .hasMessageContaining("every design mode");
    }

    private static CadRequest request(DesignMode mode) {
        return CadRequest.builder().prompt("A box").designMode(mode).build();
    }
}
