package dev.cadflow.makistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadflow.workflow.FailureType;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SubmitBudgetTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final UUID THIRD = new UUID(0, 3);

    private final SteppedClock clock = new SteppedClock();
    private final SubmitBudget budget = new SubmitBudget(2, clock);

    @Test
    void whatIsOverTheBudgetIsRefusedUntilTheNextDay() {
        budget.spend(ONE);
        budget.spend(OTHER);

        assertThatThrownBy(() -> budget.spend(THIRD))
                .hasMessageContaining("CADFLOW_MAX_SUBMITS_PER_DAY")
                .isInstanceOfSatisfying(MakistryException.class, refusal -> {
                    assertThat(refusal.type()).isEqualTo(FailureType.BUDGET_EXHAUSTED);
                    assertThat(refusal.isRequestSent()).isFalse();
                });

        clock.advance(Duration.ofDays(1));
        assertThatCode(() -> budget.spend(THIRD)).doesNotThrowAnyException();
    }

    @Test
    void aFurtherTryOfTheSameSubmitIsFree() {
        budget.spend(ONE);
        budget.spend(OTHER);

        assertThatCode(() -> budget.spend(ONE)).doesNotThrowAnyException();
    }

    @Test
    void whatBoughtNothingIsPutBack() {
        budget.spend(ONE);
        budget.spend(OTHER);
        budget.giveBack(ONE);

        assertThatCode(() -> budget.spend(THIRD)).doesNotThrowAnyException();
    }

    @Test
    void aBudgetOfNothingIsRefused() {
        assertThatThrownBy(() -> new SubmitBudget(0, clock)).hasMessageContaining("at least 1, found 0");
    }
}
