package dev.turnout.proxy.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;

/**
 * Tells the system which of the sockets that share a port by {@code SO_REUSEPORT} is to get new connections.
 *
 * <p>Without it the system chooses by a hash of the addresses, and goes on choosing a socket that is about to be closed.
 * The choice is a classic BPF program of one instruction, which needs no privilege: {@code return 1}. A group's sockets
 * are numbered in the order in which they began to listen, and when one is closed the last one takes its number: so
 * with a predecessor and a successor, 0 is the predecessor and 1 the successor. Where no socket has that number the
 * system goes back to its hash (net/core/sock_reuseport.c).
 */
final class ReusePortSteering {

    private static final Logger LOG = Logger.getLogger(ReusePortSteering.class);

    // From the Linux ABI: asm-generic/socket.h, linux/filter.h.
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final short RETURN_CONSTANT = 0x06;
    private static final int INSTRUCTION_BYTES = 8;
    private static final int PROGRAM_BYTES = 16;
    private static final int PROGRAM_ADDRESS = 8;

    /** The process that goes on when this process ends. The order is that of the numbers. */
    enum Heir {
        PREDECESSOR,
        SUCCESSOR
    }

    private ReusePortSteering() {}

    /**
     * Sends new connections to the socket of the process that goes on, if there is one.
     *
     * @param server listens with {@code SO_REUSEPORT} on the native transport
     * @return whether the system has taken it
     */
    static boolean steer(Channel server, Heir heir) {
        ByteBuffer instruction = Buffer.allocateDirectWithNativeOrder(INSTRUCTION_BYTES);
        ByteBuffer program = Buffer.allocateDirectWithNativeOrder(PROGRAM_BYTES);
        try {
            instruction.putShort(0, RETURN_CONSTANT).putInt(Integer.BYTES, heir.ordinal());
            program.putShort(0, (short) 1).putLong(PROGRAM_ADDRESS, Buffer.memoryAddress(instruction));
            return server.config()
                    .setOption(
                            new RawUnixChannelOption(
                                    "SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, PROGRAM_BYTES),
                            program);
        } catch (ChannelException e) {
            LOG.warnf(
                    "New connections could not be steered to the other process, a few may be reset: %s",
                    e.getMessage());
            return false;
        } finally {
            Buffer.free(instruction);
            Buffer.free(program);
        }
    }
}
