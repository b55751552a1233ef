package dev.headgate.edge;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows addresses, and names that it was told; {@code *.invalid} does not exist, and {@code
 * *.hanging} is never answered.
 */
final class TestResolver extends AddressResolverGroup<InetSocketAddress> {
  private final Map<String, List<String>> told = new ConcurrentHashMap<>();

  /** The name has these addresses from now on; without any it does not resolve. */
  void tell(String name, String... addresses) {
    told.put(name, List.of(addresses));
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Names(executor).asAddressResolver();
  }

  private final class Names extends InetNameResolver {
    Names(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> found) throws Exception {
      Promise<List<InetAddress>> all = executor().newPromise();
      all.addListener(
          done -> {
            if (done.isSuccess()) {
              found.setSuccess(all.getNow().get(0));
            } else {
              found.setFailure(done.cause());
            }
          });
      doResolveAll(name, all);
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> found) throws Exception {
      List<String> addresses = told.getOrDefault(name, List.of(name));
      if (name.endsWith(".hanging")) {
        return;
      }
      if (name.endsWith(".invalid") || addresses.isEmpty()) {
        found.setFailure(new UnknownHostException(name));
        return;
      }
      List<InetAddress> known = new ArrayList<>();
      for (String address : addresses) {
        known.add(InetAddress.getByName(address));
      }
      found.setSuccess(known);
    }
  }
}
