-- Takes a lock that nobody holds, under a fence greater than every one before. Asked again by its holder, it answers as before.
-- KEYS[1] hash: t the holder's token, f its fence; lives as long as the lock
-- KEYS[2] the last fence given out
-- ARGV[1] token of the one who asks
-- ARGV[2] milliseconds that the lock holds
-- ARGV[3] milliseconds that the last fence is remembered
-- Returns {1, fence} when it holds now, {0, milliseconds until it is free} when another one holds it

local held = redis.call('HMGET', KEYS[1], 't', 'f')
if held[1] and held[1] ~= ARGV[1] then
  return { 0, redis.call('PTTL', KEYS[1]) }
end
local fence = held[2]
if not fence then
  -- From the server's clock, so that fences grow even where the last one was lost.
  local now = redis.call('TIME')
  local last = tonumber(redis.call('GET', KEYS[2]) or 0)
  fence = string.format('%.0f', math.max(now[1] * 1000000 + now[2], last + 1))
  redis.call('SET', KEYS[2], fence, 'PX', ARGV[3])
  redis.call('HSET', KEYS[1], 't', ARGV[1], 'f', fence)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return { 1, fence }
