package dev.headgate.upstream;

import java.util.List;

/** A service: its endpoints, and how they are chosen and addressed. */
public final class Upstream {
  private final String id;
  private final HostHeader hostHeader;
  private final WeightedRoundRobin balancer;

  Upstream(String id, List<Endpoint> endpoints, HostHeader hostHeader) {
    this.id = id;
    this.hostHeader = hostHeader;
    this.balancer = new WeightedRoundRobin(endpoints);
  }

  public String id() {
    return id;
  }

  HostHeader hostHeader() {
    return hostHeader;
  }

  Endpoint pick() {
    return balancer.next();
  }
}
