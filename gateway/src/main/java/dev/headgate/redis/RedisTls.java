package dev.headgate.redis;

import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What TLS to Redis is made with.
 *
 * @param keys of the client's certificate; none unless given
 * @param trust whom to believe; the JDK's authorities unless given
 * @param protocols the JDK's unless given
 * @param ciphers the JDK's unless given
 */
public record RedisTls(
    @Nullable KeyManagerFactory keys,
    @Nullable TrustManagerFactory trust,
    List<String> protocols,
    List<String> ciphers) {}
