package dev.headgate.policy.idempotency;

import dev.headgate.redis.RedisScript;

/**
 * What Redis runs. {@code KEYS[1]} is an entry as {@link StoredValue} says, {@code KEYS[2]}, where
 * there is one, is there while the claim with that token has been taken back: a copy of it that
 * arrives late must not be made any more.
 */
record StoreScripts(
    RedisScript claim,
    RedisScript takeOver,
    RedisScript renew,
    RedisScript settle,
    RedisScript release,
    RedisScript takeBack,
    RedisScript find,
    RedisScript clear) {
  static final String VOID = "void";

  private static final String HEAD =
      """
      local head = redis.call('GETRANGE', KEYS[1], 0, 31)
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local ours = string.sub(head, 1, 1) == '1'
      local state = string.sub(head, 2, 2)
      local token = string.sub(head, 3, 18)
      local claimed = ours and (state == 'C' or state == 'O')
      local live = claimed and (tonumber(string.sub(head, 19, 32)) or 0) > now
      local function digits(ms) return string.format('%014.0f', ms) end
      """;

  static final String CLAIM =
      HEAD
          + """
          if head == '' then
            if redis.call('EXISTS', KEYS[2]) == 1 then return 'void' end
            redis.call('SET', KEYS[1], '1C' .. ARGV[1] .. digits(now + ARGV[3]) .. ARGV[2], 'PX', ARGV[3] + ARGV[4])
            return '1'
          end
          if live and token == ARGV[1] then return '1' end
          return digits(now) .. redis.call('GET', KEYS[1])
          """;

  static final String TAKE_OVER =
      HEAD
          + """
          if ours and token == ARGV[1] then
            return live and '1' or '0'
          end
          if ours and token == ARGV[5] and (state == 'U' or claimed and not live) then
            if redis.call('EXISTS', KEYS[2]) == 1 then return 'void' end
            redis.call('SET', KEYS[1], '1O' .. ARGV[1] .. digits(now + ARGV[3]) .. ARGV[2], 'PX', ARGV[3] + ARGV[4])
            return '1'
          end
          return '0'
          """;

  static final String RENEW =
      HEAD
          + """
          if not live or token ~= ARGV[1] then return '0' end
          local longer = ARGV[2] - (tonumber(string.sub(head, 19, 32)) - now)
          local kept = redis.call('PTTL', KEYS[1])
          if longer > 0 and kept > 0 then
            redis.call('PEXPIRE', KEYS[1], kept + longer)
          end
          redis.call('SETRANGE', KEYS[1], 18, digits(now + ARGV[2]))
          return '1'
          """;

  static final String SETTLE =
      HEAD
          + """
          if not ours or token ~= ARGV[1] then return '0' end
          if claimed then
            if not live then return '0' end
            redis.call('SET', KEYS[1], '1' .. ARGV[3] .. ARGV[1] .. digits(0) .. ARGV[2], 'PX', ARGV[4])
            return '1'
          end
          return state == ARGV[3] and '1' or '0'
          """;

  static final String RELEASE =
      HEAD
          + """
          if head == '' then return '1' end
          if not ours or token ~= ARGV[1] then return '0' end
          if state == 'U' then return '1' end
          if not live then return '0' end
          if state == 'O' then
            redis.call('SETRANGE', KEYS[1], 1, 'U')
          else
            redis.call('DEL', KEYS[1])
          end
          return '1'
          """;

  // DEL goes first: a server that is out of memory takes SET no more, unless something was written.
  static final String TAKE_BACK =
      HEAD
          + """
          if claimed and token == ARGV[1] then
            if state == 'O' then
              redis.call('SETRANGE', KEYS[1], 1, 'U')
            else
              redis.call('DEL', KEYS[1])
            end
          end
          redis.pcall('SET', KEYS[2], '', 'PX', ARGV[2])
          return '1'
          """;

  static final String FIND =
      HEAD
          + """
          if head == '' then return '' end
          return digits(now) .. redis.call('GET', KEYS[1])
          """;

  static final String CLEAR = "return redis.call('DEL', KEYS[1]) == 1 and '1' or '0'";

  static StoreScripts standard() {
    return new StoreScripts(
        RedisScript.of(CLAIM),
        RedisScript.of(TAKE_OVER),
        RedisScript.of(RENEW),
        RedisScript.of(SETTLE),
        RedisScript.of(RELEASE),
        RedisScript.of(TAKE_BACK),
        RedisScript.of(FIND),
        RedisScript.of(CLEAR));
  }
}
