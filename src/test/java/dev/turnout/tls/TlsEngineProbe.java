package dev.turnout.tls;

import dev.turnout.config.TlsConfig.Engine;

/** Tells which engine is used here. Run as a process with other properties. */
final class TlsEngineProbe {

    private TlsEngineProbe() {}

    public static void main(String[] arguments) {
        try {
            System.out.println(TlsEngine.of(Engine.valueOf(arguments[0])));
        } catch (TlsRefused e) {
            System.out.println(e.reason());
        }
    }
}
