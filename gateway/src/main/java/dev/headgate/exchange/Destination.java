package dev.headgate.exchange;

/**
 * Where a try goes, as logs, meters and spans name it; made once for an endpoint.
 *
 * @param upstream the upstream's id
 * @param endpoint {@code host:port}, or {@code host:port/address} where a name has several
 * @param scheme {@code http} or {@code https}
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535
 * @param basePath put before every path, empty or beginning with a slash and not ending in one
 */
public record Destination(
    String upstream, String endpoint, String scheme, String host, int port, String basePath) {}
