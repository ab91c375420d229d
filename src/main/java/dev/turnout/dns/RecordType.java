package dev.turnout.dns;

/** The types of records that are read (RFC 1035, section 3.2.2; RFC 3596; RFC 2782). */
enum RecordType {
    A(1),
    CNAME(5),
    AAAA(28),
    SRV(33);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
