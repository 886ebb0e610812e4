"""What must happen in one step in Redis, in its own language (Lua).

Times are those of Redis, in milliseconds: the clocks of the workers need not agree.
"""

NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

JOIN = """
-- KEYS the name of the present run; ARGV a new name, the prefix and the ending of the workers' key
local present = redis.call('GET', KEYS[1])
if present and present ~= ARGV[1] then
  local t = redis.call('TIME')
  if redis.call('ZCOUNT', ARGV[2] .. present .. ARGV[3], t[1] * 1000, '+inf') > 0 then
    return present
  end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
return ARGV[1]
"""
"""Returns the name of the run to take part in: the one in which somebody works, else a new one."""

OFFER = """
-- KEYS requests, queue; ARGV visit, score, request
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[3]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1
"""
"""Returns 1 where the visit was not known to this run, and waits now."""

BEAT = (
    NOW
    + """
-- KEYS requests, queue, held, workers, heirless, done; ARGV worker, lease, keep
local known = redis.call('ZSCORE', KEYS[4], ARGV[1])
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now)) do
  if dead ~= ARGV[1] then
    redis.call('ZREM', KEYS[4], dead)
    local held = redis.call('HGETALL', KEYS[3])
    for i = 1, #held, 2 do
      if held[i + 1] == dead then
        redis.call('HDEL', KEYS[3], held[i])
        redis.call('HSET', KEYS[5], held[i], dead)
        redis.call('ZADD', KEYS[2], '-inf', held[i])
      end
    end
  end
end
redis.call('ZADD', KEYS[4], now + ARGV[2], ARGV[1])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[3]) end
return {known and 1 or 0, redis.call('HLEN', KEYS[1]), redis.call('ZCARD', KEYS[2]),
        redis.call('HLEN', KEYS[3]), redis.call('ZCARD', KEYS[4])}
"""
)
"""Says that a worker lives, and puts what dead ones held in front of the queue. Returns whether the
worker was known, and how many visits are known, wait, are held, and by how many workers."""

TAKE = """
-- KEYS queue, held, workers, heirless; ARGV worker, visit
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then return false end
if redis.call('ZREM', KEYS[1], ARGV[2]) == 0 then return false end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
local left = redis.call('HGET', KEYS[4], ARGV[2]) or ''
redis.call('HDEL', KEYS[4], ARGV[2])
return {left}
"""
"""Returns who died over the visit, if anybody; false: somebody else has it."""

FINISH = """
-- KEYS held, done; ARGV worker, visit
if redis.call('HGET', KEYS[1], ARGV[2]) ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1
"""
"""Returns 0 where the visit is another worker's by now."""

LEAVE = """
-- KEYS queue, held, workers; ARGV worker
local held = redis.call('HGETALL', KEYS[2])
for i = 1, #held, 2 do
  if held[i + 1] == ARGV[1] then
    redis.call('HDEL', KEYS[2], held[i])
    redis.call('ZADD', KEYS[1], '-inf', held[i])
  end
end
return redis.call('ZREM', KEYS[3], ARGV[1])
"""
"""Gives back what a worker holds, and forgets it."""

CLAIM = """
-- KEYS asked; ARGV fingerprint, visit
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])
"""
"""Returns the visit whose page this is: that which asked for it first."""

LEASE = """
-- KEYS the host's rest, then its names; ARGV token, milliseconds
local rest = redis.call('PTTL', KEYS[1])
if rest > 0 then return {'rests', rest} end
local wait, why = 0, ''
for i = 2, #KEYS do
  local holder = redis.call('GET', KEYS[i])
  local left = redis.call('PTTL', KEYS[i])
  if holder and holder ~= ARGV[1] and left >= wait then
    wait, why = left, holder == '' and 'pace' or 'held'
  end
end
if why ~= '' then return {why, wait} end
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return {'leased', 0}
"""
"""Returns what became of it (leased; else held, pace, rests) and the milliseconds to wait."""

YIELD = """
-- KEYS the host's names; ARGV token, milliseconds of its pace
local own = 0
for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then
    own = own + 1
    if tonumber(ARGV[2]) > 0 then redis.call('SET', key, '', 'PX', ARGV[2])
    else redis.call('DEL', key) end
  end
end
return own
"""
"""Gives a host back, which nobody may ask before its pace is over."""
