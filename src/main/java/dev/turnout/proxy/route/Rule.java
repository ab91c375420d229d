package dev.turnout.proxy.route;

import dev.turnout.config.Cidr;
import dev.turnout.proxy.folder.Folder;
import dev.turnout.proxy.http1.HeadEdits;
import dev.turnout.proxy.http1.PathRewrite;
import dev.turnout.proxy.http1.RedirectTemplate;
import dev.turnout.proxy.http1.RuleMatch;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a service.
 *
 * @param name its name
 * @param match which requests it is for
 * @param clients the clients that it is for; none for all
 * @param allowed the clients that may send such requests; none for all
 * @param denied the clients that may not
 * @param rate how often a client may send such requests; null for as often as it likes
 * @param password the password that such requests need; null for none
 * @param bodyLimit the largest body, in bytes; 0 for none of its own
 * @param rewrite the other beginning of the path; null for none
 * @param request what changes in the head that a target gets; null for nothing
 * @param response what changes in the head that a client gets; null for nothing
 * @param folder the folder that such requests are answered from; null for none
 * @param redirect where such requests are redirected to; null for nowhere
 * @param answer the text that such requests are answered with; null for none
 * @param status of the redirect or the answer
 */
public record Rule(
        String name,
        RuleMatch match,
        List<Cidr> clients,
        List<Cidr> allowed,
        List<Cidr> denied,
        @Nullable RateLimit rate,
        @Nullable PasswordRule password,
        long bodyLimit,
        @Nullable PathRewrite rewrite,
        @Nullable HeadEdits request,
        @Nullable HeadEdits response,
        @Nullable Folder folder,
        @Nullable RedirectTemplate redirect,
        @Nullable String answer,
        int status) {

    public Rule {
        clients = List.copyOf(clients);
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
    }

    /** Returns true if the address of the client has to be known. */
    boolean readsClient() {
        return !clients.isEmpty() || !allowed.isEmpty() || !denied.isEmpty() || rate != null || password != null;
    }

    /** Returns true if the rule is for a client; null stands for one whose address is not known. */
    public boolean isFor(@Nullable InetAddress client) {
        return clients.isEmpty() || client != null && Cidr.anyContains(clients, client);
    }

    /** Returns true if the client may not send such a request. An address that is not known may be a denied one. */
    public boolean refuses(@Nullable InetAddress client) {
        if (client == null) {
            return !allowed.isEmpty() || !denied.isEmpty();
        }
        return Cidr.anyContains(denied, client) || !allowed.isEmpty() && !Cidr.anyContains(allowed, client);
    }
}
