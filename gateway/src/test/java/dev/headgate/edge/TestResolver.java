package dev.headgate.edge;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Knows addresses; {@code *.invalid} does not exist, and {@code *.hanging} is never answered. */
final class TestResolver extends AddressResolverGroup<InetSocketAddress> {
  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new Names(executor).asAddressResolver();
  }

  private static final class Names extends InetNameResolver {
    Names(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> found) throws Exception {
      if (name.endsWith(".invalid")) {
        found.setFailure(new UnknownHostException(name));
      } else if (!name.endsWith(".hanging")) {
        found.setSuccess(InetAddress.getByName(name));
      }
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> found) throws Exception {
      found.setSuccess(List.of(InetAddress.getByName(name)));
    }
  }
}
