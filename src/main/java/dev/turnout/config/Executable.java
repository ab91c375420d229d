package dev.turnout.config;

/** The native executable, as one of the two ways in which this program runs. */
public final class Executable {

    private static final String IN_IMAGE = "org.graalvm.nativeimage.imagecode";

    private Executable() {}

    /** Returns true if this process is the native executable, and false if it is a JVM. */
    public static boolean isThis() {
        return System.getProperty(IN_IMAGE) != null;
    }
}
