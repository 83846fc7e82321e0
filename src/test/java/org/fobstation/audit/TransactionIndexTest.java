package org.fobstation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TransactionIndexTest {

    private static final int MANY = 1_000_000;

    private final AtomicInteger firstKept = new AtomicInteger(1);
    private final TransactionIndex index = new TransactionIndex(firstKept::get);

    @Test
    void namesTheSegmentsOfEveryIdTheLatestFirstHoweverManyThereAre() {
        for (int i = 0; i < 20_000; i++) {
            index.add("trx_" + i, 1 + i / 100);
            index.add("trx_" + i, 1 + i / 100);
        }
        index.add("trx_7", 300);
        index.add("trx_7", 2);

        for (int i = 8; i < 20_000; i++) {
            assertThat(index.segmentsOf("trx_" + i)).containsExactly(1 + i / 100);
        }
        assertThat(index.segmentsOf("trx_7")).containsExactly(300, 2, 1);
        assertThat(index.segmentsOf("trx_20000")).isEmpty();
    }

    @Test
    void holdsAMillionIdsIn16MiB() {
        for (int i = 0; i < MANY; i++) {
            index.add("trx_" + i, 1 + i / 4000);
        }
        assertThat(8L * index.capacity()).isEqualTo(16L << 20);
        assertThat(index.segmentsOf("trx_" + (MANY - 1))).containsExactly(MANY / 4000);
    }

    @Test
    void needsNoMoreRoomForTheIdsOfSegmentsThatAreGone() {
        for (int i = 0; i < 100_000; i++) {
            firstKept.set(Math.max(1, i / 100 - 10));
            index.add("trx_" + i, 1 + i / 100);
        }
        assertThat(index.capacity()).isLessThanOrEqualTo(8192);
        assertThat(index.segmentsOf("trx_99999")).containsExactly(1000);
        assertThat(index.segmentsOf("trx_98800"))
                .as("in the first segment kept")
                .containsExactly(989);
        assertThat(index.segmentsOf("trx_98799")).as("in the one before").isEmpty();
    }

    @Test
    void isReadBackAsItWasWrittenWithoutWhatIsGone() throws Exception {
        index.add("trx_1", 1);
        index.add("trx_2", 2);
        firstKept.set(2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        index.writeTo(new DataOutputStream(bytes));

        TransactionIndex read = new TransactionIndex(() -> 1);
        read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        assertThat(bytes.size()).isEqualTo(4 + 8);
        assertThat(read.segmentsOf("trx_2")).containsExactly(2);
        assertThat(read.segmentsOf("trx_1")).isEmpty();
    }
}
