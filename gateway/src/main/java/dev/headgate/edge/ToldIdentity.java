package dev.headgate.edge;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy told of the client, read from one of the two families of fields and never
 * from a mixture: who writes one of them lets the other through as the stranger sent it.
 *
 * <p>{@code X-Forwarded-*} wins, since most proxies write only that; {@code Forwarded} counts where
 * there is no {@code X-Forwarded-For}.
 *
 * @param client the client's address
 * @param scheme of the client's URL, where it was told
 * @param authority of the client's URL, host and perhaps port, where it was told
 * @param nodes the hops told, in their order, as they are written in {@code X-Forwarded-For}
 * @param index the hop that is the client, or the number of hops where the peer is
 * @param standard whether it was read from {@code Forwarded}
 */
record ToldIdentity(
    InetAddress client,
    @Nullable String scheme,
    @Nullable String authority,
    List<String> nodes,
    int index,
    boolean standard) {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65_535;

  /** Reads it; only to be asked where the peer is trusted. */
  static ToldIdentity read(HttpHeaders headers, InetAddress peer, TrustedProxies proxies) {
    List<String> forwarded = headers.getAll(ForwardingFields.FORWARDED);
    if (!forwarded.isEmpty() && !headers.contains(ForwardingFields.FOR)) {
      return standard(ForwardedElement.parse(forwarded), peer, proxies);
    }
    List<String> nodes = entries(headers.getAll(ForwardingFields.FOR));
    ClientWalk walk = ClientWalk.from(peer, nodes, proxies);
    String scheme = scheme(last(headers, ForwardingFields.PROTO));
    String host = authority(last(headers, ForwardingFields.HOST));
    return new ToldIdentity(
        walk.client(),
        scheme,
        host == null ? null : withPort(host, last(headers, ForwardingFields.PORT), scheme),
        nodes,
        walk.index(),
        false);
  }

  private static ToldIdentity standard(
      @Nullable List<ForwardedElement> elements, InetAddress peer, TrustedProxies proxies) {
    if (elements == null) {
      return new ToldIdentity(peer, null, null, List.of(), 0, false);
    }
    List<String> nodes =
        elements.stream().map(hop -> Objects.requireNonNullElse(hop.node(), "")).toList();
    ClientWalk walk = ClientWalk.from(peer, nodes, proxies);
    List<String> shown = nodes.stream().map(ToldIdentity::plain).toList();
    if (walk.index() == nodes.size()) {
      return new ToldIdentity(walk.client(), null, null, shown, walk.index(), true);
    }
    ForwardedElement hop = elements.get(walk.index());
    return new ToldIdentity(
        walk.client(), scheme(hop.proto()), authority(hop.host()), shown, walk.index(), true);
  }

  // Forwarded's nodes carry brackets and ports, X-Forwarded-For by custom neither.
  private static String plain(String node) {
    InetAddress address = AddressText.node(node);
    return address == null ? "unknown" : AddressText.of(address);
  }

  private static List<String> entries(List<String> lines) {
    List<String> entries = new ArrayList<>();
    for (String line : lines) {
      for (String entry : line.split(",", -1)) {
        entries.add(entry.strip());
      }
    }
    return entries;
  }

  // Where several hops have spoken the last is the one that is trusted.
  private static @Nullable String last(HttpHeaders headers, CharSequence name) {
    List<String> lines = headers.getAll(name);
    if (lines.isEmpty()) {
      return null;
    }
    String line = lines.get(lines.size() - 1);
    return line.substring(line.lastIndexOf(',') + 1).strip();
  }

  private static @Nullable String scheme(@Nullable String told) {
    String scheme = told == null ? "" : told.toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https") ? scheme : null;
  }

  private static @Nullable String authority(@Nullable String told) {
    return told == null || !Authority.valid(told) ? null : told;
  }

  private static String withPort(String host, @Nullable String told, @Nullable String scheme) {
    boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
    int port = told == null || hasPort ? 0 : port(told);
    int usual = "https".equals(scheme) ? HTTPS : HTTP;
    return port == 0 || port == usual ? host : host + ":" + port;
  }

  private static int port(String told) {
    if (told.isEmpty() || told.length() > 5 || !told.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    int port = Integer.parseInt(told);
    return port <= MAX_PORT ? port : 0;
  }
}
