package dev.turnout.tls;

import dev.turnout.text.TlsText;

/**
 * Something about a certificate that needs somebody's attention.
 *
 * @param origin the file of the certificate, or the key of the configuration
 * @param text what happened, what holds now, what to do; names the file or the key itself
 * @param isWarning true if the certificate is served as it is
 */
public record CertificateProblem(String origin, TlsText text, boolean isWarning) {}
