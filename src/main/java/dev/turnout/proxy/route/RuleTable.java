package dev.turnout.proxy.route;

import dev.turnout.proxy.http1.ClientInfo;
import dev.turnout.proxy.http1.RequestHead;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The rules of one service, in their order. Any thread. */
public final class RuleTable {

    private static final InetAddress NOBODY = address(new byte[16]);

    private final List<Rule> rules;
    private final boolean readsPath;
    private final boolean readsClient;

    public RuleTable(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        readsPath = rules.stream().anyMatch(rule -> rule.match().readsPath());
        readsClient = rules.stream().anyMatch(Rule::readsClient);
    }

    public List<Rule> rules() {
        return rules;
    }

    /** Returns true if a rule asks for the path. */
    public boolean readsPath() {
        return readsPath;
    }

    /** Returns the client's address; an address of nobody if no rule asks for it, or nobody knows it. */
    public InetAddress client(RequestHead head, ClientInfo client) {
        if (!readsClient) {
            return NOBODY;
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(client.nearestAddress(head));
        return literal == null ? NOBODY : address(literal);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
