package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTurnTest {

    final DefaultCamelContext context = new DefaultCamelContext();
    final ReplayTurn turn = new ReplayTurn(Duration.ofMillis(1));

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void isMissedWhileAnExchangeHasItAndFreeWhenThatCompletes() throws Exception {
        Exchange first = new DefaultExchange(context);
        Exchange second = new DefaultExchange(context);
        turn.take(first);
        assertThatExceptionOfType(ReplayTurn.Missed.class)
                .isThrownBy(() -> turn.take(second))
                .withMessage("other dead letters are being replayed at this moment");

        UnitOfWorkHelper.doneSynchronizations(
                first, first.getExchangeExtension().handoverCompletions());

        assertThatCode(() -> turn.take(second)).doesNotThrowAnyException();
    }
}
