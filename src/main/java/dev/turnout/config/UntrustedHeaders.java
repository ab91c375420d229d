package dev.turnout.config;

/** Header fields with facts about a client that proxies write and that applications and frameworks believe. */
final class UntrustedHeaders {

    /** Names with commas between them. For CGI the last name is the variable HTTP_PROXY (CVE-2016-5385). */
    static final String STANDARD =
            "X-Real-IP,X-Client-IP,X-Cluster-Client-IP,True-Client-IP,CF-Connecting-IP,CF-Connecting-IPv6,"
                    + "CF-Pseudo-IPv4,Fastly-Client-IP,Fly-Client-IP,X-Azure-ClientIP,X-Azure-SocketIP,"
                    + "X-Envoy-External-Address,X-Original-Forwarded-For,X-Original-For,X-Forwarded,X-Remote-IP,"
                    + "X-Remote-Addr,X-ProxyUser-Ip,Client-IP,Forwarded-For,Proxy-Client-IP,WL-Proxy-Client-IP,"
                    + "X-Forwarded-By,"
                    + "X-Forwarded-Scheme,X-Forwarded-Ssl,X-Forwarded-Https,X-Forwarded-Protocol,X-Original-Proto,"
                    + "X-Scheme,X-Url-Scheme,Front-End-Https,CloudFront-Forwarded-Proto,CF-Visitor,X-AppService-Proto,"
                    + "X-ARR-SSL,"
                    + "X-Forwarded-Server,X-Host,X-Original-Host,X-HTTP-Host-Override,"
                    + "X-Forwarded-Prefix,X-Forwarded-Path,X-Forwarded-Uri,X-Forwarded-Method,X-Original-URL,"
                    + "X-Original-URI,X-Original-Method,X-Rewrite-URL,X-Script-Name,Script-Name,Path-Info,"
                    + "Client-Cert,Client-Cert-Chain,X-Client-Cert,X-ARR-ClientCert,X-SSL-Client-Cert,"
                    + "X-SSL-Client-Verify,SSL-Client-Cert,X-Forwarded-Client-Cert,X-Forwarded-Tls-Client-Cert,"
                    + "X-Forwarded-Tls-Client-Cert-Info,X-Amzn-Mtls-Clientcert,X-Amzn-Mtls-Clientcert-Leaf,"
                    + "Proxy";

    private UntrustedHeaders() {}
}
