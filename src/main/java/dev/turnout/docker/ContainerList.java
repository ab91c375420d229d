package dev.turnout.docker;

import dev.turnout.config.DockerConfig.ContainerAddress;
import dev.turnout.routing.FoundContainer;
import dev.turnout.routing.FoundContainer.Place;
import dev.turnout.routing.HostPort;
import dev.turnout.routing.Target;
import dev.turnout.routing.VisibleText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of {@code GET /containers/json} of the Docker Engine API: which containers ask for a place, and where they
 * are. Members that are not known are ignored, as the API asks for. Pure.
 */
final class ContainerList {

    /** The label that makes a container a target: the name of its service. */
    static final String SERVICE = "turnout.service";

    static final String SLOT = "turnout.slot";
    static final String PORT = "turnout.port";

    private static final String HOST_NETWORK = "host";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_PORT = 65_535;
    private static final int MOST_NAME = 128;

    private final Optional<String> network;
    private final ContainerAddress address;

    /**
     * @param network whose address is taken; empty if a container has one network
     * @param address where a container is spoken to
     */
    ContainerList(Optional<String> network, ContainerAddress address) {
        this.network = network;
        this.address = address;
    }

    /** Why a container can't be a target. */
    private static final class Unusable extends Exception {

        private static final long serialVersionUID = 1L;

        Unusable(String clause) {
            super(clause);
        }
    }

    /** Returns the containers that ask for a place, in the order of the answer. */
    List<FoundContainer> read(JsonArray answer) {
        List<FoundContainer> found = new ArrayList<>();
        for (Object member : answer) {
            if (member instanceof JsonObject container
                    && container.getValue("Id") instanceof String id
                    && labels(container).getValue(SERVICE) instanceof String service) {
                found.add(container(container, id, service));
            }
        }
        return found;
    }

    private FoundContainer container(JsonObject container, String id, String service) {
        String name = name(container, id);
        try {
            Place place = place(labels(container).getValue(SLOT));
            Target target = target(container);
            return new FoundContainer(id, name, service, place, Optional.of(target), Optional.empty());
        } catch (Unusable e) {
            return new FoundContainer(
                    id, name, service, Place.IDLE, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private static JsonObject labels(JsonObject container) {
        return container.getValue("Labels") instanceof JsonObject labels ? labels : new JsonObject();
    }

    private static String name(JsonObject container, String id) {
        boolean hasName = container.getValue("Names") instanceof JsonArray names
                && !names.isEmpty()
                && names.getValue(0) instanceof String;
        String name = hasName ? container.getJsonArray("Names").getString(0) : id;
        return VisibleText.of(name.startsWith("/") ? name.substring(1) : name, MOST_NAME);
    }

    private static Place place(@Nullable Object label) throws Unusable {
        if (label == null) {
            return Place.IDLE;
        }
        for (Place place : Place.values()) {
            if (place.name().toLowerCase(Locale.ROOT).equals(label)) {
                return place;
            }
        }
        throw new Unusable("its label " + SLOT + "=" + label + " is not "
                + Arrays.stream(Place.values())
                        .map(place -> place.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    private Target target(JsonObject container) throws Unusable {
        int port = port(container);
        HostPort place = address == ContainerAddress.PUBLISHED
                ? published(container, port)
                : new HostPort(addressOf(container), port);
        try {
            return Target.parse(place.toString());
        } catch (IllegalArgumentException e) {
            throw new Unusable("the engine names its address " + place + ", and " + e.getMessage());
        }
    }

    private static int port(JsonObject container) throws Unusable {
        Object label = labels(container).getValue(PORT);
        if (label != null) {
            String digits = label.toString();
            if (digits.length() <= 5 && digits.matches("[0-9]+")) {
                int port = Integer.parseInt(digits);
                if (port >= 1 && port <= MOST_PORT) {
                    return port;
                }
            }
            throw new Unusable("its label " + PORT + "=" + digits + " is not a port");
        }
        TreeSet<Integer> exposed = ports(container)
                .map(port -> port.getValue("PrivatePort"))
                .filter(Integer.class::isInstance)
                .map(Integer.class::cast)
                .collect(Collectors.toCollection(TreeSet::new));
        if (exposed.size() == 1) {
            return exposed.first();
        }
        throw new Unusable("it exposes " + (exposed.isEmpty() ? "no port" : "the ports " + exposed)
                + ", so it needs the label " + PORT);
    }

    private static Stream<JsonObject> ports(JsonObject container) {
        return container.getValue("Ports") instanceof JsonArray ports
                ? ports.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .filter(port -> "tcp".equals(port.getValue("Type")))
                : Stream.empty();
    }

    private static HostPort published(JsonObject container, int port) throws Unusable {
        // A port that is published for both versions of IP stands there twice.
        JsonObject chosen = ports(container)
                .filter(one -> one.getValue("PrivatePort") instanceof Integer inside && inside == port)
                .filter(one -> one.getValue("PublicPort") instanceof Integer outside && outside > 0)
                .min((a, b) -> Boolean.compare(isVersion6(a), isVersion6(b)))
                .orElseThrow(() -> new Unusable("it does not publish its port " + port));
        String ip = ip(chosen);
        boolean isAny = ip.isEmpty() || ip.equals("0.0.0.0") || ip.equals("::");
        return new HostPort(isAny ? LOOPBACK : ip, chosen.getInteger("PublicPort"));
    }

    private static boolean isVersion6(JsonObject port) {
        return ip(port).indexOf(':') >= 0;
    }

    private static String ip(JsonObject port) {
        return port.getValue("IP") instanceof String ip ? ip : "";
    }

    private String addressOf(JsonObject container) throws Unusable {
        Map<String, String> addresses = addresses(container);
        if (network.isPresent()) {
            String own = addresses.get(network.get());
            if (own == null) {
                throw new Unusable("it is not in the network " + network.get() + ", but in " + addresses.keySet());
            }
            return addressIn(network.get(), own);
        }
        if (addresses.size() == 1) {
            Map.Entry<String, String> only = addresses.entrySet().iterator().next();
            return addressIn(only.getKey(), only.getValue());
        }
        throw new Unusable(
                addresses.isEmpty()
                        ? "it is in no network"
                        : "it is in the networks " + addresses.keySet() + ": say by turnout.docker.network which one");
    }

    private static String addressIn(String name, String address) throws Unusable {
        if (address.isEmpty()) {
            throw new Unusable("it has no address in the network " + name);
        }
        return address;
    }

    /** Returns the address of a container in each of its networks; empty text for none. */
    private static Map<String, String> addresses(JsonObject container) {
        Map<String, String> addresses = new TreeMap<>();
        if (container.getValue("NetworkSettings") instanceof JsonObject settings
                && settings.getValue("Networks") instanceof JsonObject networks) {
            for (Map.Entry<String, Object> member : networks) {
                JsonObject endpoint = member.getValue() instanceof JsonObject json ? json : new JsonObject();
                String four = endpoint.getValue("IPAddress") instanceof String text ? text : "";
                String six = endpoint.getValue("GlobalIPv6Address") instanceof String text ? text : "";
                String own = four.isEmpty() ? six : four;
                addresses.put(member.getKey(), own.isEmpty() && member.getKey().equals(HOST_NETWORK) ? LOOPBACK : own);
            }
        }
        return addresses;
    }
}
