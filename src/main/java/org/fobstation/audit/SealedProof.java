package org.fobstation.audit;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves, while the station already works, the segments that its start took from the {@link Checkpoint}: every line's
 * hash and every link. One thread, of lowest priority; ends when all is proved, at damage, or when closed.
 */
final class SealedProof implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SealedProof.class);

    private final JournalSegments segments;
    private final JournalReader.Position end;
    private final Consumer<String> onDamage;
    private volatile boolean closed;

    private SealedProof(JournalSegments segments, JournalReader.Position end, Consumer<String> onDamage) {
        this.segments = segments;
        this.end = end;
        this.onDamage = onDamage;
    }

    /**
     * @param end where the checkpoint says the last of these segments ends
     * @param onDamage told what is wrong and where, on the proof's thread
     */
    static SealedProof start(JournalSegments segments, JournalReader.Position end, Consumer<String> onDamage) {
        SealedProof proof = new SealedProof(segments, end, onDamage);
        Thread thread = new Thread(proof::prove, "journal-proof");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
        return proof;
    }

    private void prove() {
        try {
            int first = segments.span().first();
            Optional<String> damage = damage(first);
            // Retention removes the first segments while they are read here: what is left is proved anew.
            for (int now = segments.span().first();
                    now > first && damage.isPresent();
                    now = segments.span().first()) {
                first = now;
                damage = damage(first);
            }
            damage.ifPresent(this::damaged);
        } catch (JournalException e) {
            damaged(e.getMessage());
        } catch (CancellationException e) {
            LOG.debug("The proof of the journal was not finished");
        }
    }

    private Optional<String> damage(int first) {
        if (first > end.segment()) {
            return Optional.empty();
        }
        try {
            JournalReader.Tail tail = JournalReader.readUpTo(
                    segments, end.segment(), SegmentLines.Depth.LINKS, (entry, n, place) -> {}, segment -> {
                        if (closed) {
                            throw new CancellationException();
                        }
                    });
            return tail.isWhole() && tail.n() == end.n() && tail.hash().equals(end.hash())
                    ? Optional.empty()
                    : Optional.of(
                            segments.segment(end.segment()) + ": the chain ends elsewhere than when it was written");
        } catch (JournalException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void damaged(String what) {
        if (!closed) {
            LOG.error("{}", what);
            onDamage.accept(what);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
