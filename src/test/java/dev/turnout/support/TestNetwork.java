package dev.turnout.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hosts with networks of their own, joined by a bridge: network namespaces. This process is at {@value #HERE}, and has to be in
 * a network namespace of its own, so that nothing reaches the network of the machine. It takes root's powers.
 */
public final class TestNetwork implements AutoCloseable {

    /** The address of this process. */
    public static final String HERE = "10.9.0.1";

    private static final String BRIDGE = "hosts";

    private final List<Host> hosts = new ArrayList<>();

    private TestNetwork() {
        run("ip", "link", "set", "lo", "up");
        run("ip", "link", "add", BRIDGE, "type", "bridge");
        run("ip", "address", "add", HERE + "/24", "dev", BRIDGE);
        run("ip", "link", "set", BRIDGE, "up");
    }

    /** Makes a network without a host. */
    public static TestNetwork start() {
        return new TestNetwork();
    }

    /** A host: what is started with its prefix has its network. */
    public static final class Host {

        private final String address;
        private final Process holder;

        private Host(int number) {
            address = "10.9.0." + number;
            holder = begin("unshare", "--net", "sleep", "infinity");
            String pid = String.valueOf(holder.pid());
            String here = network("self");
            Await.until("the namespace is there", () -> !network(pid).equals(here));
            String outside = "host" + number;
            run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", pid);
            run("ip", "link", "set", outside, "master", BRIDGE, "up");
            inside("ip", "address", "add", address + "/24", "dev", "eth0");
            inside("ip", "link", "set", "eth0", "up");
            inside("ip", "link", "set", "lo", "up");
        }

        private static String network(String pid) {
            try {
                return Files.readSymbolicLink(Path.of("/proc", pid, "ns", "net"))
                        .toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String address() {
            return address;
        }

        /** Returns the words before a command that has it run on this host, in the process that it is started as. */
        public List<String> prefix() {
            return List.of("nsenter", "--target=" + holder.pid(), "--net", "--");
        }

        private void inside(String... words) {
            List<String> all = new ArrayList<>(prefix());
            all.addAll(List.of(words));
            run(all.toArray(String[]::new));
        }

        /** Drops what this host sends to another one. The other direction stays open. */
        public void cutTo(Host other) {
            inside("iptables", "-w", "-A", "OUTPUT", "-d", other.address, "-j", "DROP");
        }

        /** Lets everything through again that this host sends. */
        public void mend() {
            inside("iptables", "-w", "-F", "OUTPUT");
        }
    }

    /** Adds a host with the address 10.9.0.NUMBER. */
    public Host host(int number) {
        Host host = new Host(number);
        hosts.add(host);
        return host;
    }

    private static Process begin(String... words) {
        try {
            return new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... words) {
        try {
            int code = begin(words).waitFor();
            if (code != 0) {
                throw new AssertionError(Arrays.toString(words) + " ended with " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        hosts.forEach(host -> host.holder.destroyForcibly());
    }
}
