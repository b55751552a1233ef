package dev.headgate.policy.cache;

import dev.headgate.redis.RedisScript;

/**
 * What Redis runs for the cache. Times are its own, in milliseconds, 14 digits.
 *
 * <p>An answer's {@code KEYS[1]} is when it was kept, when it was asked for, and what {@link
 * StoredBytes} says; {@code KEYS[2]}, in the same slot, is when its URL was last said to have
 * changed, and when it was last said to be stale.
 */
final class SharedScripts {
  private static final String NOW =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local function digits(ms) return string.format('%014.0f', ms) end
      """;

  /** Now, since when it is stale, when it was kept and asked for, and the answer; or nothing. */
  static final RedisScript FIND =
      RedisScript.of(
          NOW
              + """
              local there = redis.call('GET', KEYS[1])
              if not there then return '' end
              local changed = redis.call('GET', KEYS[2])
              local stale = digits(0)
              if changed then
                local kept = string.sub(there, 1, 14)
                if string.sub(changed, 1, 14) >= kept then return '' end
                if string.sub(changed, 15, 28) >= kept then stale = string.sub(changed, 15, 28) end
              end
              return digits(now) .. stale .. there
              """);

  /** Keeps ARGV[1] for ARGV[2], unless its URL changed since it was asked for, ARGV[3] ago. */
  static final RedisScript KEEP =
      RedisScript.of(
          NOW
              + """
              local changed = redis.call('GET', KEYS[2])
              local asked = digits(now - ARGV[3])
              if changed then
                if string.sub(changed, 1, 14) >= asked then return '0' end
                if string.sub(changed, 15, 28) >= asked then return '0' end
              end
              redis.call('SET', KEYS[1], digits(now) .. asked .. ARGV[1], 'PX', ARGV[2])
              return '1'
              """);

  /** Notes that a URL has changed; ARGV[1] says how, ARGV[2] for how long it is to be known. */
  static final RedisScript CHANGED =
      RedisScript.of(
          NOW
              + """
              local before = redis.call('GET', KEYS[1])
              if not before or #before ~= 28 then before = digits(0) .. digits(0) end
              local hard, soft = string.sub(before, 1, 14), string.sub(before, 15, 28)
              if ARGV[1] == '1' then soft = digits(now) else hard = digits(now) end
              redis.call('SET', KEYS[1], hard .. soft, 'PX', ARGV[2])
              return '1'
              """);

  /**
   * Tells all nodes ARGV[1]; ARGV[2] is what of it answers of other nodes are held against, or
   * empty.
   */
  static final RedisScript TELL =
      RedisScript.of(
          NOW
              + """
              redis.call('SET', KEYS[2], string.format('%.0f', now), 'NX')
              local seq = redis.call('INCR', KEYS[2])
              local number = string.format('%.0f', seq)
              redis.call('ZADD', KEYS[1], number, number .. ' ' .. ARGV[1])
              redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -10001)
              if ARGV[2] ~= '' then
                if redis.call('HLEN', KEYS[3]) > 1000 then
                  redis.call('DEL', KEYS[3])
                  redis.call('HSET', KEYS[3], 'ALL 0 ', digits(now))
                end
                redis.call('HSET', KEYS[3], ARGV[2], digits(now))
              end
              return string.format('%.0f', seq)
              """);

  /**
   * What was told after ARGV[1]: a line with the last number and whether something is missing; then
   * what was told; after {@code --} all that is still held against answers. Numbers begin at the
   * time, so that a Redis which has forgotten all goes on beyond any number that was heard.
   */
  static final RedisScript NEWS =
      RedisScript.of(
          NOW
              + """
              redis.call('SET', KEYS[2], string.format('%.0f', now), 'NX')
              local seq = tonumber(redis.call('GET', KEYS[2]))
              local last = tonumber(ARGV[1])
              local told = {}
              local missing = 0
              if last >= 0 and last ~= seq then
                told = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')
                if #told ~= seq - last then missing = 1 end
              end
              local lines = {string.format('%.0f', seq) .. ' ' .. missing}
              for _, one in ipairs(told) do lines[#lines + 1] = string.match(one, '^%d+ (.*)$') end
              lines[#lines + 1] = '--'
              if last ~= seq then
                local held = redis.call('HGETALL', KEYS[3])
                for i = 1, #held, 2 do lines[#lines + 1] = held[i + 1] .. ' ' .. held[i] end
              end
              return table.concat(lines, '\\n')
              """);

  private SharedScripts() {}
}
