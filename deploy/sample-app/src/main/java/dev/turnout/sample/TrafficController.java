package dev.turnout.sample;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The kinds of traffic that a switch must not harm: slow answers, large bodies both ways, streams of events. */
@RestController
final class TrafficController {

    private static final String TEXT = "text/plain;charset=UTF-8";
    private static final int CHUNK_BYTES = 64 * 1024;

    /** Answers after {@code millis}. */
    @GetMapping(path = "/slow", produces = TEXT)
    String slow(@RequestParam long millis) throws InterruptedException {
        Thread.sleep(millis);
        return "slept " + millis;
    }

    /** Answers how many bytes have come, and their CRC-32 in hex: {@code 10000000 1a2b3c4d}. */
    @PostMapping(path = "/upload", produces = TEXT)
    String upload(InputStream body) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(body, new CRC32());
        long bytes = checked.transferTo(OutputStream.nullOutputStream());
        return "%d %08x".formatted(bytes, checked.getChecksum().getValue());
    }

    /** A body of {@code bytes} bytes, of which the one at position {@code n} is {@code n % 251}. */
    @GetMapping("/download")
    void download(@RequestParam long bytes, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        response.setContentLengthLong(bytes);
        OutputStream out = response.getOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (long sent = 0; sent < bytes; ) {
            int length = (int) Math.min(CHUNK_BYTES, bytes - sent);
            for (int i = 0; i < length; i++) {
                chunk[i] = (byte) ((sent + i) % 251);
            }
            out.write(chunk, 0, length);
            sent += length;
        }
    }

    /** A stream of {@code count} server-sent events, numbered from 1, one every {@code millis}. */
    @GetMapping("/events")
    void events(
            @RequestParam(defaultValue = "60") int count,
            @RequestParam(defaultValue = "1000") long millis,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        OutputStream out = response.getOutputStream();
        for (int event = 1; event <= count; event++) {
            out.write("id: %1$d\ndata: %1$d\n\n".formatted(event).getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (event < count) {
                Thread.sleep(millis);
            }
        }
    }
}
