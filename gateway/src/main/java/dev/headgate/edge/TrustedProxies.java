package dev.headgate.edge;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The peers whose word is taken: for the request id, for forwarding fields and for trace context.
 * Empty by default, and loopback is no exception.
 */
public final class TrustedProxies {
  private final List<IpSubnetFilterRule> ranges;

  private TrustedProxies(List<IpSubnetFilterRule> ranges) {
    this.ranges = ranges;
  }

  /**
   * Reads the ranges.
   *
   * @param cidrs such as {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is one host
   * @throws IllegalArgumentException naming the value that is neither
   */
  public static TrustedProxies of(List<String> cidrs) {
    return new TrustedProxies(cidrs.stream().map(String::trim).map(TrustedProxies::rule).toList());
  }

  /** Whether nobody is named. */
  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether this address is a trusted proxy's. */
  boolean contains(InetAddress address) {
    if (ranges.isEmpty()) {
      return false;
    }
    InetSocketAddress peer = new InetSocketAddress(address, 0);
    for (IpSubnetFilterRule range : ranges) {
      if (range.matches(peer)) {
        return true;
      }
    }
    return false;
  }

  private static IpSubnetFilterRule rule(String cidr) {
    int slash = cidr.indexOf('/');
    String address = slash < 0 ? cidr : cidr.substring(0, slash);
    int whole = address.indexOf(':') >= 0 ? 128 : 32;
    try {
      if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
        // What is no address would be looked up as a name, and no text at all is loopback.
        throw new IllegalArgumentException(address);
      }
      int bits = slash < 0 ? whole : Integer.parseInt(cidr.substring(slash + 1));
      return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "headgate.trusted-proxies: \"%s\" (expected: a CIDR such as 10.0.0.0/8)".formatted(cidr),
          e);
    }
  }
}
