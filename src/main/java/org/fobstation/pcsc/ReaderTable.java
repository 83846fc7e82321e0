package org.fobstation.pcsc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers the monitor watches, each with the whole state word last seen, so that nothing between two waits is
 * missed. The monitor's thread only.
 */
final class ReaderTable {

    private static final Duration UNCLAIMED_FOR = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(ReaderTable.class);

    private final ReaderListener listener;
    private final Map<String, ReaderStatus> statuses = new HashMap<>();
    private final Map<String, ReaderState> known = new LinkedHashMap<>();
    private final Map<String, WatchedReader> attached = new HashMap<>();
    private final Map<String, Unclaimed> unclaimed = new HashMap<>();
    private ReaderState pnp = ReaderState.unaware(SmartCardContext.PNP_NOTIFICATION);

    ReaderTable(ReaderListener listener) {
        this.listener = listener;
    }

    /**
     * Takes in the readers there are: attaches, detaches, and tells.
     *
     * @return whether anything is other than before
     */
    boolean assign(Collection<WatchedReader> readers, Collection<String> names) {
        Map<String, WatchedReader> byId = new LinkedHashMap<>();
        Map<String, ReaderPattern> patterns = new LinkedHashMap<>();
        for (WatchedReader reader : readers) {
            byId.put(reader.id(), reader);
            patterns.put(reader.id(), reader.pattern());
        }
        boolean changed = statuses.keySet().retainAll(byId.keySet());
        attached.values().removeIf(reader -> byId.get(reader.id()) != reader);
        List<ReaderStatus> now = ReaderAssignment.assign(patterns, names);
        // All that is lost is told before anything is attached: a reader may go from one id to another.
        for (ReaderStatus status : now) {
            if (!status.isAttached() && !status.equals(statuses.get(status.readerId()))) {
                changed = true;
                detach(byId.get(status.readerId()), status);
            }
        }
        for (ReaderStatus status : now) {
            if (status.isAttached() && attached.get(status.readerName()) != byId.get(status.readerId())) {
                changed = true;
                attach(byId.get(status.readerId()), status);
            }
        }
        known.keySet().retainAll(attached.keySet());
        tellUnclaimed(patterns.values(), names);
        return changed;
    }

    /**
     * Names each reader that is nobody's once, so that a pattern that misses it can be mended; left out ones are meant so.
     * Not at once: when a station starts, its routes begin to watch one after another.
     */
    private void tellUnclaimed(Collection<ReaderPattern> patterns, Collection<String> names) {
        List<String> nobodys = ReaderAssignment.unclaimed(patterns, names);
        unclaimed.keySet().retainAll(nobodys);
        for (String name : nobodys) {
            Unclaimed before = unclaimed.computeIfAbsent(name, key -> new Unclaimed(System.nanoTime(), false));
            if (!before.told() && System.nanoTime() - before.since() > UNCLAIMED_FOR.toNanos()) {
                LOG.warn("The reader {} matches no configured reader and is not used", name);
                unclaimed.put(name, new Unclaimed(before.since(), true));
            }
        }
    }

    private record Unclaimed(long since, boolean told) {}

    private void attach(WatchedReader reader, ReaderStatus status) {
        attached.values().remove(reader);
        attached.put(status.readerName(), reader);
        known.put(status.readerName(), ReaderState.unaware(status.readerName()));
        reader.slot().lost();
        statuses.put(reader.id(), status);
        LOG.info("Reader {} is {}", reader.id(), status.readerName());
        listener.readerAttached(reader.id(), status.readerName());
    }

    private void detach(WatchedReader reader, ReaderStatus status) {
        boolean sameTrouble =
                statuses.get(reader.id()) != null && statuses.get(reader.id()).attachment() == status.attachment();
        attached.values().remove(reader);
        reader.slot().lost();
        statuses.put(reader.id(), status);
        if (sameTrouble) {
            return;
        }
        if (status.attachment() == ReaderStatus.Attachment.AMBIGUOUS) {
            LOG.error("Reader {} is not served: {}", reader.id(), status.detail());
        } else {
            LOG.warn("Reader {} is missing: {}", reader.id(), status.detail());
        }
        listener.readerLost(reader.id(), status);
    }

    /**
     * What to wait with: the entry for readers that come and go, unless the service does not know it, then every
     * attached reader.
     */
    List<ReaderState> known() {
        List<ReaderState> entries = new ArrayList<>();
        if (!pnp.has(ReaderState.UNKNOWN)) {
            entries.add(pnp);
        }
        entries.addAll(known.values());
        return entries;
    }

    /**
     * Takes in what a wait has given.
     *
     * @return whether any reader's word is other than before
     */
    boolean see(List<ReaderState> seen) {
        boolean changed = false;
        for (ReaderState state : seen) {
            ReaderState kept = new ReaderState(state.reader(), state.state() & ~ReaderState.CHANGED, state.atr());
            if (state.reader().equals(SmartCardContext.PNP_NOTIFICATION)) {
                pnp = kept;
                continue;
            }
            ReaderState before = known.replace(state.reader(), kept);
            WatchedReader reader = attached.get(state.reader());
            if (before == null || reader == null || before.state() == kept.state()) {
                continue;
            }
            changed = true;
            LOG.debug("Reader {} was {}, is {}", reader.id(), before, kept);
            if (state.has(ReaderState.UNKNOWN) || state.has(ReaderState.UNAVAILABLE)) {
                reader.slot().lost();
            } else {
                reader.slot().see(kept);
            }
        }
        return changed;
    }

    /** The status of each configured reader by its id; a copy. */
    Map<String, ReaderStatus> statuses() {
        return Map.copyOf(statuses);
    }
}
