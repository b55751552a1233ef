package dev.headgate.contract.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Asks what rules say of requests, and so passes nothing that may differ between JDKs which the
 * others do not pass: {@code .ci/run} runs it on one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("once")
public @interface Once {}
