package org.fobstation.klms;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The text of an answer while it is bent: names and values as they will be written, right or wrong. */
final class AnswerText {

    /** How many fields there are to bend. */
    static final int FIELDS = 9;

    /** Both as JSON, quotes and all. */
    record Field(String name, String value) {}

    private final List<Field> top = new ArrayList<>();
    private final List<Field> keys = new ArrayList<>();
    private final List<Field> payload = new ArrayList<>();

    /** As agreed. */
    AnswerText(AgreedAnswer answer) {
        top.add(new Field("\"transaction_id\"", quoted(answer.transactionId())));
        top.add(new Field("\"key_version\"", Integer.toString(answer.keyVersion())));
        top.add(new Field("\"scp03_static_keys\"", null));
        top.add(new Field("\"ford_payload\"", null));
        keys.add(new Field("\"enc\"", quoted(answer.enc())));
        keys.add(new Field("\"mac\"", quoted(answer.mac())));
        keys.add(new Field("\"dek\"", quoted(answer.dek())));
        payload.add(new Field("\"apdu_cla_ins_p1_p2\"", quoted(answer.header())));
        payload.add(new Field("\"data_hex\"", quoted(answer.data())));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** Carries out an edit at one of the nine fields, or next to where it was. */
    void edit(int field, Function<List<Field>, Consumer<Integer>> edit) {
        List<Field> fields = field < 4 ? top : field < 7 ? keys : payload;
        int at = field < 4 ? field : field < 7 ? field - 4 : field - 7;
        if (!fields.isEmpty()) {
            edit.apply(fields).accept(Math.min(at, fields.size() - 1));
        }
    }

    byte[] bytes() {
        return object(top).getBytes(StandardCharsets.UTF_8);
    }

    private String object(List<Field> fields) {
        return fields.stream()
                .map(field -> field.name() + ":" + (field.value() == null ? nested(field) : field.value()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String nested(Field field) {
        return object(field.name().contains("payload") ? payload : keys);
    }

    /** For a report. */
    static String shown(String json) {
        return json.length() <= 80 ? json : json.substring(0, 80) + "... (" + json.length() + " signs)";
    }
}
