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
 * @param scheme {@code http} or {@code https}
 * @param authority the {@code Host} as sent, with its port; empty where the client sent none
 * @param host the same in lower case and without the port, to match by
 * @param path the raw path, beginning with a slash, never decoded; or {@code *} where OPTIONS asks
 *     about the whole server (RFC 9112 section 3.2.4)
 * @param query the raw query without its question mark, or null
 * @param remote the peer of the connection
 * @param trusted whether that peer is one of {@code headgate.trusted-proxies}
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
    boolean trusted) {}
