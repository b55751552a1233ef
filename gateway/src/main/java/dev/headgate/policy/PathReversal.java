package dev.headgate.policy;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way back from a service's paths, below its base path, to those the client sees.
 *
 * @param path of one path; null where there is none
 * @param prefix of a path that stands for all those below it; null where there is none
 */
public record PathReversal(
    Function<String, @Nullable String> path, Function<String, @Nullable String> prefix) {}
