/*
 * TLS 1.3 clients of the benchmark.
 *
 *   handshakes PORT COUNT PROCESSES full|resumed ec|rsa
 *       makes COUNT handshakes, each on a connection of its own with one request, by X25519 and with a certificate of
 *       that kind; prints how many were made, how many of them resumed a session, how many failed, and the seconds
 *   idle PORT COUNT tls|plain|h2|h2c
 *       opens COUNT connections, makes one request on each, by HTTP/1.1 or HTTP/2, says "open COUNT", and keeps them until
 *       its input ends
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOST "bench.example"

static const char closing[] = "GET / HTTP/1.1\r\nHost: " HOST "\r\nConnection: close\r\n\r\n";
static const char keeping[] = "GET / HTTP/1.1\r\nHost: " HOST "\r\n\r\n";

/* The preface, empty SETTINGS, and a GET of / on stream 1; the octet at SCHEME is the index of "http", 1 more of "https". */
static char opening[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\22\1\5\0\0\0\1\202\206\204\101\15" HOST;
enum { SCHEME = 24 + 9 + 9 + 1 };

static SSL_SESSION *latest;

static int remember(SSL *ssl, SSL_SESSION *session) {
    (void)ssl;
    SSL_SESSION_free(latest);
    latest = session;
    return 1;
}

static int dial(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0) return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static SSL_CTX *context(const char *kind) {
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    int isRsa = strcmp(kind, "rsa") == 0;
    /* HAProxy 2.6 knows by RSA+SHA256 alone that a client takes RSA, though TLS 1.3 signs by RSA-PSS only. */
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    if (!SSL_CTX_set1_groups_list(ctx, "X25519") || !SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256") ||
        !SSL_CTX_set1_sigalgs_list(ctx, isRsa ? "RSA-PSS+SHA256:RSA+SHA256" : "ECDSA+SHA256")) {
        fputs("the TLS library lacks what the benchmark asks for\n", stderr);
        exit(2);
    }
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, remember);
    return ctx;
}

/* A connection with a finished handshake, or null. */
static SSL *shake(SSL_CTX *ctx, int port, SSL_SESSION *session) {
    int fd = dial(port);
    if (fd < 0) return NULL;
    SSL *ssl = SSL_new(ctx);
    SSL_set_fd(ssl, fd);
    SSL_set_tlsext_host_name(ssl, HOST);
    if (session) SSL_set_session(ssl, session);
    if (SSL_connect(ssl) == 1) return ssl;
    close(fd);
    SSL_free(ssl);
    return NULL;
}

struct tally {
    int made, resumed, failed;
};

static struct tally handshakes(int port, int count, int isResumed, const char *kind) {
    struct tally tally = {0, 0, 0};
    SSL_CTX *ctx = context(kind);
    for (int i = 0; i < count; i++) {
        char answer[4096];
        int total = 0, bytes;
        SSL *ssl = shake(ctx, port, isResumed ? latest : NULL);
        if (!ssl) {
            tally.failed++;
            continue;
        }
        tally.resumed += SSL_session_reused(ssl);
        SSL_write(ssl, closing, sizeof closing - 1);
        while ((bytes = SSL_read(ssl, answer + total, sizeof answer - 1 - total)) > 0) total += bytes;
        answer[total] = 0;
        if (strncmp(answer, "HTTP/1.1 200", 12) == 0) tally.made++;
        else tally.failed++;
        SSL_shutdown(ssl);
        close(SSL_get_fd(ssl));
        SSL_free(ssl);
    }
    return tally;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int spread(int port, int count, int processes, int isResumed, const char *kind) {
    struct tally all = {0, 0, 0}, one;
    int ends[2];
    double start = now();
    if (pipe(ends)) return 1;
    for (int i = 0; i < processes; i++) {
        if (fork() == 0) {
            one = handshakes(port, count / processes, isResumed, kind);
            _exit(write(ends[1], &one, sizeof one) != sizeof one);
        }
    }
    close(ends[1]);
    while (read(ends[0], &one, sizeof one) == sizeof one) {
        all.made += one.made;
        all.resumed += one.resumed;
        all.failed += one.failed;
    }
    while (wait(NULL) > 0) continue;
    printf("made %d resumed %d failed %d seconds %.3f\n", all.made, all.resumed, all.failed, now() - start);
    return 0;
}

static int next(SSL *ssl, int fd, char *to, int most) {
    return ssl ? SSL_read(ssl, to, most) : (int)read(fd, to, most);
}

/* Reads until the answer on stream 1 has ended. */
static int takeStream(SSL *ssl, int fd) {
    unsigned char all[16384];
    int total = 0, at = 0, bytes;
    while (total < (int)sizeof all && (bytes = next(ssl, fd, (char *)all + total, sizeof all - total)) > 0) {
        total += bytes;
        while (total - at >= 9) {
            int end = at + 9 + (all[at] << 16 | all[at + 1] << 8 | all[at + 2]);
            if (end > total) break;
            if (all[at + 3] <= 1 && all[at + 8] == 1 && all[at + 4] & 1) return 1;
            at = end;
        }
    }
    return 0;
}

static int idle(int port, int count, const char *kind) {
    int isTls = !strcmp(kind, "tls") || !strcmp(kind, "h2"), isHttp2 = kind[0] == 'h';
    SSL_CTX *ctx = context("ec");
    const char *request = isHttp2 ? opening : keeping;
    int length = (isHttp2 ? sizeof opening : sizeof keeping) - 1;
    char answer[4096];
    if (isHttp2 && SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\2h2", 3)) return 1;
    opening[SCHEME] += isTls;
    for (int i = 0; i < count; i++) {
        SSL *ssl = isTls ? shake(ctx, port, NULL) : NULL;
        int fd = isTls ? -1 : dial(port);
        if (isTls ? !ssl || SSL_write(ssl, request, length) <= 0 : fd < 0 || write(fd, request, length) < 0) return 1;
        if (isHttp2 ? !takeStream(ssl, fd) : next(ssl, fd, answer, sizeof answer) <= 0) return 1;
    }
    printf("open %d\n", count);
    fflush(stdout);
    while (read(0, answer, sizeof answer) > 0) continue;
    return 0;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc == 7 && !strcmp(argv[1], "handshakes"))
        return spread(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), !strcmp(argv[5], "resumed"), argv[6]);
    if (argc == 5 && !strcmp(argv[1], "idle")) return idle(atoi(argv[2]), atoi(argv[3]), argv[4]);
    fputs("usage: handshakes PORT COUNT PROCESSES full|resumed ec|rsa, or idle PORT COUNT tls|plain|h2|h2c\n", stderr);
    return 2;
}
