package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunIndexTest {

    @Test
    void findsTheLastPlaceOfEveryUidHoweverManyThereAre() {
        RunIndex index = new RunIndex();
        for (int i = 1; i <= 20_000; i++) {
            index.put("04" + i, i);
        }
        for (int i = 1; i <= 20_000; i += 3) {
            index.put("04" + i, i + 1_000_000L);
        }

        for (int i = 1; i <= 20_000; i++) {
            assertThat(index.get("04" + i)).isEqualTo(i % 3 == 1 ? i + 1_000_000L : i);
        }
        assertThat(index.get("05")).isZero();
    }
}
