/** The contract of a policy, the order of stages, and the chain they are composed into. */
@NullMarked
package dev.headgate.policy;

import org.jspecify.annotations.NullMarked;
