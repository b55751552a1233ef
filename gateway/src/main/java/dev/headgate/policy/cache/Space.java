package dev.headgate.policy.cache;

/**
 * Within which one URL has one answer.
 *
 * @param route the route's id
 * @param behind what is asked for it: another after a change of the upstream or of the rewrite
 * @param query which part of a query counts
 */
record Space(String route, String behind, QueryRule query) {}
