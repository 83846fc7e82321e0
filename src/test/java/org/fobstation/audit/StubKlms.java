package org.fobstation.audit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * A key server's audit side behind {@code direct:audit-to-klms}: takes a record once under its id, and can be away,
 * refuse, or answer after having taken it.
 */
final class StubKlms extends RouteBuilder {

    /** One post as it came in. */
    record Post(long sequence, String id, String body, Map<String, Object> headers) {}

    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final Map<String, Post> taken = new ConcurrentSkipListMap<>();
    private final ConcurrentLinkedQueue<Integer> nextAnswers = new ConcurrentLinkedQueue<>();
    private volatile boolean away;
    private volatile int takenAnswer = 200;
    private volatile Predicate<Post> refuses = post -> false;
    private volatile Predicate<Post> fails = post -> false;
    private final List<Post> arrivals = new CopyOnWriteArrayList<>();

    @Override
    public void configure() {
        from("direct:audit-to-klms").errorHandler(noErrorHandler()).process(this::answer);
    }

    /** Unplugs the network. */
    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    /** The next posts get these statuses, without being taken. */
    void answerNext(Integer... statuses) {
        nextAnswers.addAll(List.of(statuses));
    }

    /** Takes records, but loses the answer on the way and says this instead. */
    void takeAndAnswer(int status) {
        takenAnswer = status;
    }

    /** Answers 422 to these. */
    void refuse(Predicate<Post> which) {
        refuses = which;
    }

    /** Answers 500 to these. */
    void failFor(Predicate<Post> which) {
        fails = which;
    }

    private void answer(Exchange exchange) throws Exception {
        Post post = new Post(
                exchange.getMessage().getHeader(AuditHeaders.SEQUENCE, Long.class),
                exchange.getMessage().getHeader(AuditHeaders.IDEMPOTENCY_KEY, String.class),
                new String((byte[]) exchange.getMessage().getBody(), StandardCharsets.UTF_8),
                Map.copyOf(exchange.getMessage().getHeaders()));
        posts.add(post);
        // What comes back replaces what was sent, as with HTTP.
        exchange.getMessage().setBody("{\"answer\":true}");
        if (away) {
            throw new ConnectException("Connection refused");
        }
        Integer next = nextAnswers.poll();
        if (next != null) {
            fail(next);
        }
        if (refuses.test(post)) {
            fail(422);
        }
        if (fails.test(post)) {
            fail(500);
        }
        if (taken.putIfAbsent(post.id(), post) != null) {
            fail(409);
        }
        arrivals.add(post);
        if (takenAnswer != 200) {
            fail(takenAnswer);
        }
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    }

    private static void fail(int status) throws HttpOperationFailedException, IOException {
        if (status == 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        throw new HttpOperationFailedException(
                "https://klms/audit",
                status,
                "Status " + status,
                null,
                Map.of(),
                "no: \u0007 00112233445566778899AABBCCDDEEFF");
    }

    List<Post> posts() {
        return List.copyOf(posts);
    }

    List<Post> postsOf(long sequence) {
        return posts.stream().filter(post -> post.sequence() == sequence).toList();
    }

    List<Post> takenInOrderOfArrival() {
        return List.copyOf(arrivals);
    }

    /** What was taken, in order of the records' numbers. */
    List<Post> taken() {
        List<Post> inOrder = new ArrayList<>(taken.values());
        inOrder.sort(Comparator.comparingLong(Post::sequence));
        return inOrder;
    }
}
