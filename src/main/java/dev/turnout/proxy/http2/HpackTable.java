package dev.turnout.proxy.http2;

/**
 * The dynamic table of the header blocks that a peer sends (RFC 7541, section 2.3.2): names and values as slices of one
 * array, the oldest first. One per connection; no array is there before the peer fills it. Not safe for use by more
 * than one thread.
 */
public final class HpackTable {

    /** The size of the table before any SETTINGS. */
    static final int DEFAULT_SIZE = 4096;

    /** RFC 7541, section 4.1: what an entry counts beside its octets. */
    static final int ENTRY_OVERHEAD = 32;

    private static final int FIRST_BYTES = 512;
    private static final int FIRST_ENTRIES = 16;

    /** Entries stand one behind the other, without a gap, from {@code begin} to {@code end}. */
    private byte[] bytes = {};

    private int begin;
    private int end;

    /** A ring of a length that is a power of two, the newest entry at {@code newest}. */
    private int[] starts = {};

    private int[] nameEnds = {};
    private int[] valueEnds = {};
    private int newest = -1;
    private int count;

    private int largest = DEFAULT_SIZE;
    private int capacity = DEFAULT_SIZE;
    private int size;
    private boolean mustShrink;

    /**
     * Called when the peer has acknowledged SETTINGS_HEADER_TABLE_SIZE. A table that is larger has to be made smaller at
     * the beginning of the next block.
     */
    public void acknowledged(int size) {
        largest = size;
        mustShrink = capacity > size;
    }

    /** Returns true if the next block has to begin with another size. */
    boolean mustShrink() {
        return mustShrink;
    }

    /** Takes the size that a block has. Returns false if it is larger than allowed. */
    boolean resize(int next) {
        if (next > largest) {
            return false;
        }
        mustShrink = false;
        capacity = next;
        evictTo(next);
        return true;
    }

    /** Returns how many entries there are. */
    int count() {
        return count;
    }

    /** Returns the size by RFC 7541, section 4.1. */
    int size() {
        return size;
    }

    byte[] bytes() {
        return bytes;
    }

    private int slot(int age) {
        return newest - age & starts.length - 1;
    }

    /** Returns where the name of an entry begins; the newest has the age 0. */
    int nameStart(int age) {
        return starts[slot(age)];
    }

    /** Returns where the name of an entry ends and its value begins. */
    int nameEnd(int age) {
        return nameEnds[slot(age)];
    }

    int valueEnd(int age) {
        return valueEnds[slot(age)];
    }

    /**
     * Adds an entry, for which old ones may go. One that is larger than the table empties the table.
     *
     * @param names not this table's own array, which may be moved
     */
    void add(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        int name = nameTo - nameFrom;
        int length = name + valueTo - valueFrom;
        if (length > capacity - ENTRY_OVERHEAD) {
            evictTo(0);
            return;
        }
        evictTo(capacity - ENTRY_OVERHEAD - length);
        room(length);
        if (count == starts.length) {
            growEntries();
        }
        System.arraycopy(names, nameFrom, bytes, end, name);
        System.arraycopy(values, valueFrom, bytes, end + name, length - name);
        newest = newest + 1 & starts.length - 1;
        starts[newest] = end;
        nameEnds[newest] = end + name;
        end += length;
        valueEnds[newest] = end;
        count++;
        size += length + ENTRY_OVERHEAD;
    }

    private void evictTo(int wanted) {
        while (count > 0 && size > wanted) {
            int oldest = slot(count - 1);
            begin = valueEnds[oldest];
            size -= begin - starts[oldest] + ENTRY_OVERHEAD;
            count--;
        }
        if (count == 0) {
            begin = 0;
            end = 0;
        }
    }

    /** Makes room behind the newest entry. Twice the table's octets, so that few entries pay for a move. */
    private void room(int length) {
        if (end + length <= bytes.length) {
            return;
        }
        int live = end - begin;
        byte[] to = bytes;
        if (2 * (live + length) > bytes.length) {
            to = new byte[Math.max(FIRST_BYTES, Math.min(2 * largestOctets(), 4 * (live + length)))];
        }
        System.arraycopy(bytes, begin, to, 0, live);
        bytes = to;
        for (int age = 0; age < count; age++) {
            int slot = slot(age);
            starts[slot] -= begin;
            nameEnds[slot] -= begin;
            valueEnds[slot] -= begin;
        }
        begin = 0;
        end = live;
    }

    private int largestOctets() {
        return Math.max(capacity, ENTRY_OVERHEAD);
    }

    private void growEntries() {
        int length = Math.max(FIRST_ENTRIES, 2 * starts.length);
        int[] nextStarts = new int[length];
        int[] nextNameEnds = new int[length];
        int[] nextValueEnds = new int[length];
        for (int age = 0; age < count; age++) {
            int to = count - 1 - age;
            nextStarts[to] = nameStart(age);
            nextNameEnds[to] = nameEnd(age);
            nextValueEnds[to] = valueEnd(age);
        }
        starts = nextStarts;
        nameEnds = nextNameEnds;
        valueEnds = nextValueEnds;
        newest = count - 1;
    }
}
