package org.fobstation.simulator.fob;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The data of GET STATUS: tag 4F with the beginning of an AID (may be empty), then optionally tag 5C with the tags
 * wanted.
 *
 * @param aid every AID that begins with this
 * @param tags the tags to give, empty for all
 */
record StatusQuery(byte[] aid, Set<Integer> tags) {

    private static final int AID = 0x4F;
    private static final int TAG_LIST = 0x5C;

    static StatusQuery parse(byte[] data) {
        byte[] aid = value(data, 0, AID);
        int next = 2 + aid.length;
        Set<Integer> tags = new HashSet<>();
        if (next < data.length) {
            byte[] list = value(data, next, TAG_LIST);
            CardRefusal.unless(next + 2 + list.length == data.length, 0x6A80);
            addTags(list, tags);
        }
        return new StatusQuery(aid, tags);
    }

    private static byte[] value(byte[] data, int at, int tag) {
        CardRefusal.unless(data.length >= at + 2 && (data[at] & 0xFF) == tag, 0x6A80);
        int end = at + 2 + (data[at + 1] & 0xFF);
        CardRefusal.unless(end <= data.length, 0x6A80);
        return Arrays.copyOfRange(data, at + 2, end);
    }

    private static void addTags(byte[] list, Set<Integer> tags) {
        for (int i = 0; i < list.length; i++) {
            int tag = list[i] & 0xFF;
            boolean twoBytes = (tag & 0x1F) == 0x1F && i + 1 < list.length;
            tags.add(twoBytes ? tag << 8 | list[++i] & 0xFF : tag);
        }
    }

    boolean matches(byte[] candidate) {
        return beginsWith(candidate, aid);
    }

    boolean wants(int tag) {
        return tags.isEmpty() || tags.contains(tag);
    }

    static boolean beginsWith(byte[] whole, byte[] beginning) {
        return whole.length >= beginning.length
                && Arrays.equals(whole, 0, beginning.length, beginning, 0, beginning.length);
    }
}
