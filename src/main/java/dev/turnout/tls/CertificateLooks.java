package dev.turnout.tls;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/** The results of looks at the certificates, for operators: log, listeners, and what is known now. */
final class CertificateLooks {

    private static final Logger LOG = Logger.getLogger(Certificates.class);

    private final List<CertificateListener> listeners = new CopyOnWriteArrayList<>();
    private final CertificateReminders reminders = new CertificateReminders();
    private volatile List<CertificateEntry> entries = List.of();
    private volatile List<CertificateProblem> problems = List.of();

    /** Takes a look for the newest one, and tells what is new in it. One thread at a time. */
    void add(CertificateReload look, List<CertificateEntry> all, Instant now) {
        entries = List.copyOf(all);
        problems = look.problems();
        CertificateNews news = reminders.of(look, entries, now);
        CertificateLog.write(LOG, news);
        if (!news.isEmpty()) {
            listeners.forEach(listener -> listener.looked(news));
        }
    }

    /** Forgets what is known. Tells nobody. */
    void clear() {
        entries = List.of();
        problems = List.of();
    }

    /** Returns what is known of each certificate. Any thread. */
    List<CertificateEntry> entries() {
        return entries;
    }

    /** Returns what needs somebody's attention. Any thread. */
    List<CertificateProblem> problems() {
        return problems;
    }

    /** Adds a listener. Its calls come from the thread of the look. */
    void listen(CertificateListener listener) {
        listeners.add(listener);
    }
}
