package dev.turnout.sample;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers every request with 500, or never, when told to. */
@Component
final class BadHealth extends OncePerRequestFilter {

    private final AppSettings settings;

    BadHealth(AppSettings settings) {
        this.settings = settings;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (settings.health()) {
            case UP -> chain.doFilter(request, response);
            case DOWN -> answerWithError(response);
            case HOLLOW -> {
                if (request.getRequestURI().equals("/")) {
                    chain.doFilter(request, response);
                } else {
                    answerWithError(response);
                }
            }
            case MUTE -> request.startAsync().setTimeout(0);
        }
    }

    private static void answerWithError(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print("this version is broken: see app.health");
    }
}
