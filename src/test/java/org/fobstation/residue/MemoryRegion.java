package org.fobstation.residue;

/** A line of {@code /proc/PID/maps}: from its first address to the one behind its last. */
public record MemoryRegion(long from, long to, String permissions, String name) {

    static MemoryRegion parse(String line) {
        String[] words = line.split(" +", 6);
        String[] addresses = words[0].split("-");
        return new MemoryRegion(
                Long.parseUnsignedLong(addresses[0], 16),
                Long.parseUnsignedLong(addresses[1], 16),
                words[1],
                words.length < 6 ? "" : words[5]);
    }

    boolean isReadable() {
        return permissions.startsWith("r");
    }

    /** Of the kernel: no program can write there, and not all of it can be read from outside. */
    boolean isOfTheKernel() {
        return name.equals("[vvar]") || name.equals("[vsyscall]") || name.equals("[vvar_vclock]");
    }

    @Override
    public String toString() {
        return Long.toHexString(from) + "-" + Long.toHexString(to) + " " + permissions + " " + name;
    }
}
