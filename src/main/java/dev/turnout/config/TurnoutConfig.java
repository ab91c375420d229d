package dev.turnout.config;

import dev.turnout.routing.Target;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every key under {@code turnout.}: its name, type and default. The docstring of a key is its reference. */
@ConfigMapping(prefix = "turnout")
public interface TurnoutConfig {

    /** What carries the traffic: {@code proxy}, Turnout itself, or {@code nginx}, which Turnout then drives. */
    @WithDefault("proxy")
    Mode mode();

    /** Where clients connect to. */
    Listen listen();

    /** Where operators and scripts connect to. */
    Admin admin();

    /**
     * The targets of slot blue of service {@code default}, {@code host:port}, separated by commas; {@code
     * 127.0.0.1:8080} if only green's are given, or no service at all is.
     */
    Optional<List<Target>> blue();

    /**
     * The targets of slot green of service {@code default}, {@code host:port}, separated by commas; {@code
     * 127.0.0.1:8082} if only blue's are given, or no service at all is.
     */
    Optional<List<Target>> green();

    /** Which target in rotation gets a request: the next in turn, or the one with the fewest requests in flight. */
    @WithDefault("round-robin")
    Balance balance();

    /**
     * Services beside {@code default}, by name. Service {@code default} gets what none of them takes; it is there if
     * its targets are given or no other service is.
     */
    Map<String, Service> services();

    /** Probes and the gate of a switch. */
    Health health();

    /** What targets are asked for between the gate and the first client. */
    WarmUp warmup();

    /** What happens to the requests that the old slot still has. */
    Drain drain();

    /** Where the routing state and the journal are kept. */
    State state();

    /** What one client may ask for. */
    Limits limits();

    /** Connections to targets. */
    Upstream upstream();

    /** Connections from clients. */
    Client client();

    /** What {@code turnout.mode=nginx} drives; without a meaning in the other mode. */
    Nginx nginx();

    /**
     * Addresses or CIDR blocks, separated by commas, of proxies in front whose {@code X-Forwarded-*} and {@code
     * Forwarded} are believed.
     */
    Optional<List<Cidr>> trustedProxies();

    /**
     * Names of header fields, separated by commas, that are removed unless a trusted proxy sends them, besides {@code
     * X-Forwarded-For}, {@code -Proto}, {@code -Host}, {@code -Port} and {@code Forwarded}; applications believe them.
     */
    @WithDefault(UntrustedHeaders.STANDARD)
    List<String> untrustedHeaders();

    /**
     * Whether a request with {@code X-Turnout-Slot: green} goes to that slot, whichever serves: to look at a new
     * version before it gets traffic.
     */
    @WithDefault("false")
    boolean preview();

    /** What a preview has to be asked for with, if anything: {@code X-Turnout-Slot: green:SECRET}. */
    Optional<String> previewSecret();

    /** Whether each response says in {@code X-Turnout-Slot} which slot it comes from. */
    @WithDefault("false")
    boolean showSlot();

    /** How long a target that comes back gets less than its share of the requests, more and more; at once if empty. */
    Optional<Duration> slowStart();

    /** What happens to requests while a service is paused. */
    Pause pause();

    /** Whether a dead active slot is left for the other one at the start without being asked. */
    @WithDefault("false")
    boolean failover();

    /** Whether each request leaves a line in a file, and how it is written: {@code off}, {@code combined}, {@code json}. */
    @WithDefault("off")
    AccessLog accessLog();

    /** The file of the access log; renaming it away, or copying and truncating it, rotates it. */
    @WithDefault("turnout-access.log")
    Path accessLogFile();

    /** How the access log is written. */
    enum AccessLog {
        OFF,
        COMBINED,
        JSON
    }

    /** What carries the traffic. */
    enum Mode {
        PROXY,
        NGINX
    }

    /** Keys under {@code turnout.listen}. */
    interface Listen {
        /** The address to listen on. */
        @WithDefault("0.0.0.0")
        String host();

        /** The port to listen on; 0 lets the system choose. */
        @WithDefault("80")
        int port();

        /**
         * Whether a second Turnout with the same state folder may listen here too, to take this one's place without a
         * gap: {@code deploy/restart.sh}. Not for sockets that systemd opens.
         */
        @WithDefault("false")
        boolean reusePort();
    }

    /** Keys under {@code turnout.admin}. */
    interface Admin {
        /** The address to listen on; anything but loopback needs a token. */
        @WithDefault("127.0.0.1")
        String host();

        /** The port to listen on; 0 lets the system choose. */
        @WithDefault("9000")
        int port();

        /** What every call has to bring as {@code Authorization: Bearer}; none if empty. */
        Optional<String> token();

        /**
         * Names, separated by commas, that this address is called by, besides the host, {@code localhost} and the
         * address itself: a call with any other {@code Host} is refused.
         */
        Optional<List<String>> names();

        /** Whether {@code /admin} is served on the front port too; this needs a token. */
        @WithDefault("false")
        boolean onFront();

        /**
         * The most connections at a time. For one more an idle connection is closed, first one that has not brought the
         * token; it is refused if a call is being carried out on each.
         */
        @WithDefault("256")
        int connections();

        /** How long a call may take to arrive, its head and its body together. */
        @WithDefault("10s")
        Duration arrival();

        /** How long a connection without a call is kept. */
        @WithDefault("30s")
        Duration idle();
    }

    /** Keys under {@code turnout.health}. */
    interface Health {
        /** What a probe GETs. */
        @WithDefault("/")
        String path();

        /** From one probe of a target to the next. */
        @WithDefault("500ms")
        Duration interval();

        /** How long a probe may take. */
        @WithDefault("2s")
        Duration timeout();

        /** How many good probes in a row make a target healthy. */
        @WithDefault("2")
        int rise();

        /** How many bad probes in a row make a healthy target unhealthy. */
        @WithDefault("3")
        int fall();

        /** The status codes of a good probe: codes and ranges, separated by commas. */
        @WithDefault("200-399")
        StatusRanges status();

        /** How long a switch waits for the new slot to be healthy. */
        @WithDefault("60s")
        Duration deadline();

        /** The Host that a probe sends; the target's host and port if empty. */
        Optional<String> host();

        /** The port that a probe connects to; the target's own if empty. */
        Optional<Integer> port();
    }

    /** Keys under {@code turnout.services."NAME"}. */
    interface Service {
        /**
         * The hosts that it answers for, separated by commas: a name, or {@code *.} and a domain for all below it; every
         * host if empty. An exact name goes before {@code *.}, a longer domain before a shorter one, both before services
         * of every host.
         */
        Optional<List<HostPattern>> hosts();

        /**
         * What its paths begin with, up to the end of a segment: {@code /api} stands for {@code /api} and {@code
         * /api/x}, not for {@code /apis}. Of several services the longest is taken. Compared as sent, byte for byte.
         */
        @WithDefault("/")
        String path();

        /** Whether targets get the path without that beginning: {@code /api/x} becomes {@code /x}. */
        @WithDefault("false")
        boolean stripPath();

        /** The targets of its slot blue; has to be given. */
        List<Target> blue();

        /** The targets of its slot green; has to be given. */
        List<Target> green();

        /** As {@code turnout.balance}, which holds if this is empty. */
        Optional<Balance> balance();

        /** Its own probes and gate. */
        ServiceHealth health();
    }

    /** Keys under {@code turnout.services."NAME".health}. */
    interface ServiceHealth {
        /** As {@code turnout.health.path}, which holds if this is empty. */
        Optional<String> path();

        /** As {@code turnout.health.interval}, which holds if this is empty. */
        Optional<Duration> interval();

        /** As {@code turnout.health.timeout}, which holds if this is empty. */
        Optional<Duration> timeout();

        /** As {@code turnout.health.rise}, which holds if this is empty. */
        Optional<Integer> rise();

        /** As {@code turnout.health.fall}, which holds if this is empty. */
        Optional<Integer> fall();

        /** As {@code turnout.health.status}, which holds if this is empty. */
        Optional<StatusRanges> status();

        /** As {@code turnout.health.deadline}, which holds if this is empty. */
        Optional<Duration> deadline();

        /** As {@code turnout.health.host}, which holds if this is empty. */
        Optional<String> host();

        /** As {@code turnout.health.port}, which holds if this is empty. */
        Optional<Integer> port();
    }

    /** Keys under {@code turnout.warmup}. */
    interface WarmUp {
        /**
         * What is asked for with GET, separated by commas, of every target that has passed the gate; no warm-up if
         * empty.
         */
        Optional<List<String>> paths();

        /** How many requests for each path. */
        @WithDefault("20")
        int count();

        /** Whether as many are sent again and again, until 95 of 100 answers don't come any faster than before. */
        @WithDefault("false")
        boolean settle();

        /** How long the warm-up may take; the change goes on then. */
        @WithDefault("30s")
        Duration deadline();

        /** Whether the change is refused if a path fails: no answer, or a status of 400 or above. */
        @WithDefault("false")
        boolean required();
    }

    /** Keys under {@code turnout.drain}. */
    interface Drain {
        /** How long requests in flight at the old slot may take to end before they are cut. */
        @WithDefault("30s")
        Duration timeout();

        /**
         * What the paths of requests without an end of their own begin with, separated by commas: long polls, SockJS,
         * downloads that never end. A segment {@code *} stands for any one. A drain does not wait for these.
         */
        Optional<List<String>> endless();
    }

    /** Keys under {@code turnout.state}. */
    interface State {
        /** The folder; made if it is missing. */
        @WithDefault("turnout-state")
        Path directory();
    }

    /** Keys under {@code turnout.limits}. */
    interface Limits {
        /** The largest head of a request or response, 1 KiB to 1 MiB. */
        @WithDefault("16K")
        MemorySize head();

        /** The memory for heads in all, of requests in flight and unfinished; 0 for a quarter of that for buffers. */
        @WithDefault("0")
        MemorySize heads();

        /** The largest body of a request; 0 for no limit. */
        @WithDefault("0")
        MemorySize body();

        /** The most client connections at a time; one more is refused at once. */
        @WithDefault("20000")
        int connections();

        /** The most requests in flight at a time; one more is refused at once. */
        @WithDefault("10000")
        int requests();
    }

    /** Keys under {@code turnout.pause}. */
    interface Pause {
        /** The most requests of one service that wait; one more gets 503. */
        @WithDefault("5000")
        int requests();

        /** The most bytes that the requests of one service that wait may hold. */
        @WithDefault("64M")
        MemorySize bytes();

        /** How long a request waits before it gets 503. */
        @WithDefault("30s")
        Duration timeout();

        /** Over how long the requests that wait are spread when the service is resumed. */
        @WithDefault("2s")
        Duration release();
    }

    /** Keys under {@code turnout.upstream}. */
    interface Upstream {
        /** How long opening a connection may take. */
        @WithDefault("2s")
        Duration connect();

        /** How long a target may take to send the head of its response. */
        @WithDefault("60s")
        Duration head();

        /** How long a body may stand still, from or to a target. */
        @WithDefault("60s")
        Duration body();

        /**
         * How long an idle connection is kept for the next request; less than the target's own keep-alive time. With 0
         * each request gets a connection of its own, and says {@code Connection: close}.
         */
        @WithDefault("4s")
        Duration idle();
    }

    /** Keys under {@code turnout.client}. */
    interface Client {
        /** How long a client may take to send the head of a request. */
        @WithDefault("10s")
        Duration head();

        /** How long a body may stand still, from or to a client. */
        @WithDefault("60s")
        Duration body();

        /** How long a connection without a request is kept. */
        @WithDefault("75s")
        Duration idle();
    }

    /** Keys under {@code turnout.nginx}. */
    interface Nginx {
        /** The include file that says where nginx sends the traffic; a symbolic link is followed. */
        @WithDefault("/etc/nginx/conf.d/service-url.inc")
        Path include();

        /** What the include file holds: {@code variable}, one {@code set} line, or {@code upstream}, a block. */
        @WithDefault("variable")
        Style style();

        /** The command that tests nginx's configuration; words, not a shell's line, quotes hold blanks together. */
        @WithDefault("nginx -t")
        CommandWords test();

        /** The command that makes nginx reload its configuration; words as above. */
        @WithDefault("nginx -s reload")
        CommandWords reload();

        /** How long each of the two commands may take before it is killed with its children. */
        @WithDefault("10s")
        Duration commandTimeout();

        /** The file with the process id of nginx's master, by which its generations of workers are told apart. */
        @WithDefault("/run/nginx.pid")
        Path pid();

        /**
         * An {@code http://} URL on nginx that a target answers, with its address in {@code X-Turnout-Upstream}; not
         * asked if empty.
         */
        Optional<URI> probe();

        /** How long nginx may take after a reload until the new configuration is seen to be in force. */
        @WithDefault("10s")
        Duration confirmTimeout();

        /** The two forms of the include file. */
        enum Style {
            VARIABLE,
            UPSTREAM
        }
    }
}
