package org.fobstation.audit;

import java.util.Objects;

/** What became of a record. Only {@link Dead} is not the end: a dead record can be replayed. */
public sealed interface Settlement {

    /** How the journal names it. */
    String type();

    /** The KLMS took it. */
    record Delivered(Receipt receipt) implements Settlement {

        public Delivered {
            Objects.requireNonNull(receipt);
        }

        @Override
        public String type() {
            return "DELIVERED";
        }
    }

    /** Archived; the KLMS is not to get it. */
    record Local() implements Settlement {

        @Override
        public String type() {
            return "LOCAL";
        }
    }

    /**
     * Given up for now: a dead letter.
     *
     * @param reason why the KLMS does not have it, one line
     * @param attempts how often it was posted
     * @param refused whether the KLMS refused this record; otherwise its audit side was away
     */
    record Dead(String reason, int attempts, boolean refused) implements Settlement {

        public Dead {
            Objects.requireNonNull(reason);
        }

        /** Refused by the KLMS. */
        public Dead(String reason, int attempts) {
            this(reason, attempts, true);
        }

        @Override
        public String type() {
            return "DEAD";
        }
    }

    /** The KLMS took it after it was dead. */
    record Replayed(Receipt receipt) implements Settlement {

        public Replayed {
            Objects.requireNonNull(receipt);
        }

        @Override
        public String type() {
            return "REPLAYED";
        }
    }
}
