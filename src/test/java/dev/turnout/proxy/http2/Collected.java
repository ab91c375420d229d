package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.support.wire.Field;
import java.util.ArrayList;
import java.util.List;

/** The fields of one block, as they come. */
final class Collected implements FieldSink {

    private final List<Field> fields = new ArrayList<>();

    @Override
    public void field(byte[] names, int nameFrom, int nameTo, byte[] values, int valueFrom, int valueTo) {
        fields.add(new Field(
                new String(names, nameFrom, nameTo - nameFrom, ISO_8859_1),
                new String(values, valueFrom, valueTo - valueFrom, ISO_8859_1)));
    }

    List<Field> fields() {
        return fields;
    }

    /** Returns one line for each field, {@code name: value}. */
    List<String> lines() {
        return fields.stream().map(field -> field.name() + ": " + field.value()).toList();
    }
}
