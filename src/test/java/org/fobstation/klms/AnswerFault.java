package org.fobstation.klms;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.fobstation.klms.AnswerText.Field;

/** One way to bend an answer: in its text before it is written, or in its bytes afterwards. */
sealed interface AnswerFault {

    default void bend(AnswerText text) {}

    default byte[] bend(byte[] bytes) {
        return bytes;
    }

    /** A field is not there. */
    record Missing(int field) implements AnswerFault {
        @Override
        public void bend(AnswerText text) {
            text.edit(field, fields -> at -> fields.remove((int) at));
        }
    }

    /** A field has another value. */
    record Changed(int field, String value) implements AnswerFault {
        @Override
        public void bend(AnswerText text) {
            text.edit(
                    field,
                    fields -> at -> fields.set(at, new Field(fields.get(at).name(), value)));
        }

        @Override
        public String toString() {
            return "Changed[field=" + field + ", value=" + AnswerText.shown(value) + "]";
        }
    }

    /** A field has another name. */
    record Renamed(int field, String name) implements AnswerFault {
        @Override
        public void bend(AnswerText text) {
            text.edit(
                    field,
                    fields ->
                            at -> fields.set(at, new Field(name, fields.get(at).value())));
        }
    }

    /** A field comes twice, the second time with its own value or with another. */
    record Doubled(int field, boolean alike, String value) implements AnswerFault {
        @Override
        public void bend(AnswerText text) {
            text.edit(field, fields -> at -> {
                Field first = fields.get(at);
                fields.add(alike ? first : new Field(first.name(), value));
            });
        }
    }

    /** A field stands before another that nobody agreed on, or the fob's UID, which may be repeated. */
    record Added(int field, String name, String value) implements AnswerFault {
        @Override
        public void bend(AnswerText text) {
            text.edit(field, fields -> at -> fields.add(at, new Field(name, value)));
        }

        @Override
        public String toString() {
            return "Added[field=" + field + ", name=" + AnswerText.shown(name) + ", value=" + AnswerText.shown(value)
                    + "]";
        }
    }

    /** The end is missing. */
    record Cut(double share) implements AnswerFault {
        @Override
        public byte[] bend(byte[] bytes) {
            return Arrays.copyOf(bytes, (int) (share * bytes.length));
        }
    }

    /** One bit is turned. */
    record Turned(double where, int bit) implements AnswerFault {
        @Override
        public byte[] bend(byte[] bytes) {
            byte[] bent = bytes.clone();
            if (bent.length > 0) {
                bent[(int) (where * bent.length)] ^= (byte) (1 << bit);
            }
            return bent;
        }
    }

    /** Bytes stand in between; 0 is the beginning, 1 the end. */
    record Inserted(double where, byte[] more) implements AnswerFault {
        @Override
        public byte[] bend(byte[] bytes) {
            int at = (int) (where * bytes.length);
            byte[] bent = new byte[bytes.length + more.length];
            System.arraycopy(bytes, 0, bent, 0, at);
            System.arraycopy(more, 0, bent, at, more.length);
            System.arraycopy(bytes, at, bent, at + more.length, bytes.length - at);
            return bent;
        }

        @Override
        public String toString() {
            return "Inserted[where=" + where + ", more="
                    + Arrays.toString(Arrays.copyOf(more, Math.min(40, more.length))) + "]";
        }
    }

    /** It is written in another charset. */
    record Recoded(Charset charset) implements AnswerFault {
        @Override
        public byte[] bend(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8).getBytes(charset);
        }
    }

    /** It is something else altogether. */
    record Random(int length, long seed) implements AnswerFault {
        @Override
        public byte[] bend(byte[] bytes) {
            byte[] random = new byte[length];
            new SplittableRandom(seed).nextBytes(random);
            return random;
        }
    }
}
