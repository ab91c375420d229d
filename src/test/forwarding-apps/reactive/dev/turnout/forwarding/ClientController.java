package dev.turnout.forwarding;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebSession;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/** Says what the application takes its client for. */
@RestController
final class ClientController {

    @GetMapping(path = "/**", produces = "text/plain;charset=UTF-8")
    Mono<String> client(ServerHttpRequest request, WebSession session) {
        session.start();
        URI uri = request.getURI();
        return session.save()
                .thenReturn("scheme=" + uri.getScheme() + "\nclient="
                        + request.getRemoteAddress().getHostString() + "\nserver=" + uri.getHost() + ":"
                        + uri.getPort() + "\nurl=" + uri + "\n");
    }

    @GetMapping("/*/redirect")
    ResponseEntity<Void> redirect(ServerHttpRequest request) {
        URI there = UriComponentsBuilder.fromUri(request.getURI())
                .replacePath("/there")
                .build()
                .toUri();
        return ResponseEntity.status(HttpStatus.FOUND).location(there).build();
    }
}
