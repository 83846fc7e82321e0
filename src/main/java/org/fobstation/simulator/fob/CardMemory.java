package org.fobstation.simulator.fob;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What survives without power: keys, life cycle, data objects, stored payloads. Guarded by the fob. */
final class CardMemory {

    private final CardKeyRing keyRing;
    private final Map<Integer, byte[]> factoryObjects;
    private final Map<Integer, byte[]> putObjects = new TreeMap<>();
    private final List<StoredData> stored = new ArrayList<>();
    private LifeCycle lifeCycle;
    private int room;

    CardMemory(CardKeyRing keyRing, Map<Integer, byte[]> factoryObjects, LifeCycle lifeCycle, int room) {
        this.keyRing = keyRing;
        this.factoryObjects = factoryObjects;
        this.lifeCycle = lifeCycle;
        this.room = room;
    }

    CardKeyRing keyRing() {
        return keyRing;
    }

    LifeCycle lifeCycle() {
        return lifeCycle;
    }

    void become(LifeCycle next) {
        lifeCycle = next;
    }

    /** Bytes left for payloads. */
    int room() {
        return room;
    }

    List<StoredData> stored() {
        return stored;
    }

    void store(StoredData data, int length) {
        room -= length;
        stored.add(data);
    }

    Map<Integer, byte[]> putObjects() {
        return putObjects;
    }

    /** PUT DATA; what the factory wrote cannot be overwritten. */
    void put(int tag, byte[] value) {
        CardRefusal.unless(!factoryObjects.containsKey(tag) && tag != 0xE0 && tag != 0xC1, 0x6985);
        byte[] old = putObjects.getOrDefault(tag, new byte[0]);
        CardRefusal.unless(value.length - old.length <= room, 0x6A84);
        room -= value.length - old.length;
        putObjects.put(tag, value);
    }

    /** GET DATA: key information and sequence counter as they are now, else what is stored under the tag. */
    byte[] object(int tag) {
        byte[] written = putObjects.getOrDefault(tag, factoryObjects.get(tag));
        if (written != null) {
            return written.clone();
        }
        return switch (tag) {
            case 0xE0 -> keyRing.keyInformation();
            case 0xC1 -> Tlv.of(0xC1, keyRing.find(0).sequenceCounterBytes());
            default -> throw new CardRefusal(0x6A88);
        };
    }
}
