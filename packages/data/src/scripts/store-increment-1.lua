-- Adds to a whole number, 0 when there is none.
-- KEYS[1] hash: v the value, n its version
-- ARGV[1] what to add
-- ARGV[2] milliseconds to live when the key is new, or '' for ever
-- Returns {1, sum}, or {0} when the value is no whole number or the sum would not be exact

local stored = redis.call('HMGET', KEYS[1], 'v', 'n')
local value = stored[1] or '0'
if not string.match(value, '^%-?%d+$') then
  return { 0 }
end
local sum = tonumber(value) + tonumber(ARGV[1])
if math.abs(tonumber(value)) > 9007199254740991 or math.abs(sum) > 9007199254740991 then
  return { 0 }
end
local now = redis.call('TIME')
local written = string.format('%.0f', math.max(now[1] * 1000000 + now[2], (tonumber(stored[2]) or 0) + 1))
local text = string.format('%.0f', sum)
redis.call('HSET', KEYS[1], 'v', text, 'n', written)
if not stored[2] and ARGV[2] ~= '' then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { 1, text }
