package org.fobstation.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The files that carry a request and its result.
 *
 * <pre>
 * NAME.request   {"command":"replay","user":"smith","arguments":["17"]}
 * NAME.taken     the same, while the station works on it
 * NAME.result    {"done":true,"message":"1 delivered"}
 * </pre>
 */
final class RequestJson {

    static final String REQUEST = ".request";
    static final String TAKEN = ".taken";
    static final String RESULT = ".result";

    private RequestJson() {}

    static byte[] request(String command, List<String> arguments, String user) {
        ObjectNode node =
                RecordJson.MAPPER.createObjectNode().put("command", command).put("user", user);
        arguments.forEach(node.putArray("arguments")::add);
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is no request */
    static Request request(byte[] json, String fileOwner) {
        JsonNode node = tree(json);
        return new Request(
                RecordJson.text(node, "command"),
                RecordJson.texts(node, "arguments"),
                RecordJson.text(node, "user"),
                fileOwner);
    }

    static byte[] result(RequestResult result) {
        ObjectNode node = RecordJson.MAPPER.createObjectNode().put("done", result.done());
        return node.put("message", result.message()).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is no result */
    static RequestResult result(byte[] json) {
        JsonNode node = tree(json);
        return new RequestResult(RecordJson.field(node, "done").booleanValue(), RecordJson.text(node, "message"));
    }

    private static JsonNode tree(byte[] json) {
        try {
            return RecordJson.MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
