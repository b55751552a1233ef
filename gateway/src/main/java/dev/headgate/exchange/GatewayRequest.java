package dev.headgate.exchange;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the client asked for, as it came in; the headers, which policies may change, are the
 * exchange's.
 *
 * @param method any token (RFC 9110 section 9.1)
 * @param version the client's protocol version
 * @param scheme {@code http} or {@code https}, as the client used it: the connection's, or what a
 *     trusted proxy told
 * @param authority the {@code Host} as sent, with its port; empty where the client sent none
 * @param host the same in lower case and without the port, to match by
 * @param path the raw path, beginning with a slash, never decoded; or {@code *} where OPTIONS asks
 *     about the whole server (RFC 9112 section 3.2.4)
 * @param query the raw query without its question mark, or null
 * @param remote the peer of the connection, or whom a PROXY header named as such
 * @param trusted whether that peer is one of {@code headgate.trusted-proxies}
 * @param client the client's address (RFC 5952), no port: the peer's, or the nearest that trusted
 *     proxies told of and that is none of them
 * @param publicAuthority host and perhaps port in the client's own URL: {@code Host}, or what a
 *     trusted proxy told; for links and redirects, never to match by
 */
public record GatewayRequest(
    HttpMethod method,
    HttpVersion version,
    String scheme,
    String authority,
    String host,
    String path,
    @Nullable String query,
    InetSocketAddress remote,
    boolean trusted,
    String client,
    String publicAuthority) {}
