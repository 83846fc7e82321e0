package org.fobstation.simulator.klms;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The audits taken so far. A repeat under the same id is counted and answered as before, but not taken twice. */
final class AuditBook {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ReceivedAudit> audits = new LinkedHashMap<>();

    /** @return 200 taken or known, 400 without an id or not a JSON object, 409 another body under a known id */
    synchronized int take(HttpRequest request) {
        String id = request.headers().get("Idempotency-Key");
        if (id == null || !isObject(request.body())) {
            return 400;
        }
        ReceivedAudit known = audits.get(id);
        if (known != null && !Arrays.equals(known.body(), request.body())) {
            return 409;
        }
        audits.put(id, known != null ? known.again() : new ReceivedAudit(id, request.headers(), request.body(), 1));
        return 200;
    }

    synchronized List<ReceivedAudit> audits() {
        return List.copyOf(audits.values());
    }

    private static boolean isObject(byte[] body) {
        try {
            return JSON.readTree(body).isObject();
        } catch (IOException e) {
            return false;
        }
    }
}
