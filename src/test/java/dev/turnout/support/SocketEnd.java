package dev.turnout.support;

import java.io.IOException;
import java.net.Socket;

/** How one side stops talking. */
public enum SocketEnd {
    /** Nothing happens: the connection stays as it is. */
    STALL {
        @Override
        void of(Socket socket) {}
    },
    /** FIN, and no ear for what still comes. */
    CLOSE {
        @Override
        void of(Socket socket) throws IOException {
            socket.close();
        }
    },
    /** FIN, but what still comes is read. */
    HALF_CLOSE {
        @Override
        void of(Socket socket) throws IOException {
            socket.shutdownOutput();
        }
    },
    /** RST. */
    RESET {
        @Override
        void of(Socket socket) throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    };

    abstract void of(Socket socket) throws IOException;
}
