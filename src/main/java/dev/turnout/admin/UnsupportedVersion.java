package dev.turnout.admin;

/** The failure of a call in a version of HTTP that the admin server does not speak. */
final class UnsupportedVersion extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsupportedVersion(String version) {
        super(version, null, false, false);
    }
}
