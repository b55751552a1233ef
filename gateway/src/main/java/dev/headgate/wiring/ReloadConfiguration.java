package dev.headgate.wiring;

import dev.headgate.policy.Policies;
import dev.headgate.reload.ActiveRoutes;
import dev.headgate.telemetry.Decisions;
import dev.headgate.upstream.Connector;
import dev.headgate.upstream.TlsContexts;
import dev.headgate.upstream.UpstreamRegistry;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.InstantSource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/** Upstream connections, the active table, and what changes it. */
@Configuration(proxyBeanMethods = false)
class ReloadConfiguration {

  @Bean
  UpstreamRegistry upstreams(
      ReactorResourceFactory resources, SslBundles bundles, Decisions decisions) {
    var loops = resources.getLoopResources();
    // Netty's default resolver is the JDK's, which blocks the event loop while it asks.
    DnsNameResolverBuilder dns =
        new DnsNameResolverBuilder()
            .datagramChannelFactory(
                () -> loops.onChannel(DatagramChannel.class, loops.onClient(true)))
            .socketChannelFactory(() -> loops.onChannel(SocketChannel.class, loops.onClient(true)));
    UpstreamRegistry upstreams =
        new UpstreamRegistry(
            new Connector(
                loop -> loops.onChannel(SocketChannel.class, loop),
                new DnsAddressResolverGroup(dns),
                new TlsContexts(new UpstreamBundles(bundles))),
            () -> loops.onClient(true).next(),
            decisions);
    for (String name : bundles.getBundleNames()) {
      bundles.addBundleUpdateHandler(name, changed -> upstreams.bundleChanged(name));
    }
    return upstreams;
  }

  @Bean
  ActiveRoutes activeRoutes(
      Policies policies, UpstreamRegistry upstreams, Environment environment) {
    return new ActiveRoutes(
        policies, upstreams, InstantSource.system(), StockRoutes.declared(environment));
  }

  @Bean
  ConfigLifecycle configLifecycle(HeadgateProperties properties, ActiveRoutes routes) {
    return new ConfigLifecycle(properties, routes);
  }
}
