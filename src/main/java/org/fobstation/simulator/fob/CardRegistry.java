package org.fobstation.simulator.fob;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What GET STATUS lists: the security domain, the applets, and the load file every JCOP 4 is delivered with.
 *
 * @see "GlobalPlatform Card Specification 2.3.1 section 11.4"
 */
final class CardRegistry {

    private static final int TEMPLATE = 0xE3;
    private static final byte[] SSD_LOAD_FILE = octets(0xA0, 0, 0, 0x01, 0x51, 0x53, 0x50);
    private static final byte[] SSD_MODULE = octets(0xA0, 0, 0, 0x01, 0x51, 0x53, 0x50, 0x41);

    private final byte[] isdAid;
    private final byte[] isdPrivileges;
    private final List<byte[]> applets;

    CardRegistry(byte[] isdAid, byte[] isdPrivileges, List<byte[]> applets) {
        this.isdAid = isdAid;
        this.isdPrivileges = isdPrivileges;
        this.applets = applets;
    }

    byte[] isdAid() {
        return isdAid;
    }

    List<byte[]> applets() {
        return applets;
    }

    /**
     * The E3 templates of one kind, filtered.
     *
     * @param kind P1: 80 the security domain, 40 applications, 20 load files, 10 load files with modules
     */
    List<byte[]> templates(int kind, StatusQuery query, LifeCycle lifeCycle) {
        List<byte[]> found = new ArrayList<>();
        for (Map<Integer, byte[]> entry : entries(kind, lifeCycle)) {
            if (query.matches(entry.get(0x4F))) {
                byte[][] objects = entry.entrySet().stream()
                        .filter(object -> query.wants(object.getKey()))
                        .map(object -> Tlv.of(object.getKey(), object.getValue()))
                        .toArray(byte[][]::new);
                found.add(Tlv.of(TEMPLATE, objects));
            }
        }
        return found;
    }

    private List<Map<Integer, byte[]>> entries(int kind, LifeCycle lifeCycle) {
        return switch (kind) {
            case 0x80 -> List.of(application(isdAid, lifeCycle.coding(), isdPrivileges));
            case 0x40 ->
                applets.stream()
                        .map(aid -> application(aid, 0x07, octets(0, 0, 0)))
                        .toList();
            case 0x20 -> List.of(loadFile(false));
            case 0x10 -> List.of(loadFile(true));
            default -> throw new CardRefusal(0x6A86);
        };
    }

    private Map<Integer, byte[]> application(byte[] aid, int state, byte[] privileges) {
        Map<Integer, byte[]> entry = new LinkedHashMap<>();
        entry.put(0x4F, aid);
        entry.put(0x9F70, octets(state));
        entry.put(0xC5, privileges);
        entry.put(0xC4, SSD_LOAD_FILE);
        entry.put(0xCC, isdAid);
        return entry;
    }

    private Map<Integer, byte[]> loadFile(boolean withModules) {
        Map<Integer, byte[]> entry = new LinkedHashMap<>();
        entry.put(0x4F, SSD_LOAD_FILE);
        entry.put(0x9F70, octets(0x01));
        entry.put(0xCE, octets(0xFF, 0xFF));
        if (withModules) {
            entry.put(0x84, SSD_MODULE);
        }
        entry.put(0xCC, isdAid);
        return entry;
    }

    private static byte[] octets(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
