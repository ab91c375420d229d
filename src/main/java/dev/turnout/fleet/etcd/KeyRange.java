package dev.turnout.fleet.etcd;

import java.util.List;

/** What a range read has seen: keys in their order, all of one revision. */
public record KeyRange(Header header, List<KeyValue> keys) {

    public KeyRange {
        keys = List.copyOf(keys);
    }
}
