package dev.turnout.forwarding;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Says what the application takes its client for. */
@RestController
final class ClientController {

    @GetMapping(path = "/**", produces = "text/plain;charset=UTF-8")
    String client(HttpServletRequest request) {
        // The server gives it a cookie, which is Secure or not.
        request.getSession(true);
        return "scheme=" + request.getScheme() + "\nsecure=" + request.isSecure() + "\nclient="
                + request.getRemoteAddr()
                + "\nserver=" + request.getServerName() + ":" + request.getServerPort() + "\nurl="
                + request.getRequestURL() + "\nlink="
                + ServletUriComponentsBuilder.fromCurrentRequest().toUriString() + "\n";
    }

    @GetMapping("/*/redirect")
    void redirect(HttpServletResponse response) throws IOException {
        response.sendRedirect("/there");
    }
}
