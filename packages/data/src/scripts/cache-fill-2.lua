-- Writes a cached value: whoever loads it only as long as nothing newer was written or forgotten meanwhile.
-- KEYS[1] hash: v the value, a 1 when the source has none, f the server's time in milliseconds until which it is fresh, t tags
-- KEYS[2] token of the one who loads
-- ARGV[1] token of the one who loaded, or '' to write in any case
-- ARGV[2] the value
-- ARGV[3] '1' when the source has none, else '0'
-- ARGV[4] milliseconds that it is fresh
-- ARGV[5] milliseconds that it is kept
-- ARGV[6] its tags and their versions
-- ARGV[7] channel on which local copies hear of it
-- ARGV[8] what they hear
-- Returns 1, or 0 when it was not written

if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
local now = redis.call('TIME')
local freshUntil = string.format('%.0f', math.floor(now[1] * 1000 + now[2] / 1000) + ARGV[4])
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'a', ARGV[3], 'f', freshUntil, 't', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PUBLISH', ARGV[7], ARGV[8])
return 1
