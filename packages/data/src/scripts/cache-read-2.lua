-- Reads a cached value and, where it is to be loaded, lets one reader alone load it.
-- KEYS[1] hash: v the value ('' when the source has none), a 1 when the source has none, f the server's time in milliseconds
--         until which it is fresh, t its tags and their versions
-- KEYS[2] token of the one who loads
-- ARGV[1] token of the one who reads, or '' when it will not load
-- ARGV[2] milliseconds that loading may take
-- ARGV[3] '1' to take what is there as missing
-- Returns {loads (1 when this reader is to load), milliseconds that it stays fresh (below 0: stale), value, absent, tags}, or
--         {loads} when there is nothing

local entry = redis.call('HMGET', KEYS[1], 'v', 'f', 't', 'a')
local found = entry[1] and ARGV[3] ~= '1'
local freshFor = -1
if found then
  local now = redis.call('TIME')
  freshFor = tonumber(entry[2]) - math.floor(now[1] * 1000 + now[2] / 1000)
end
local loads = 0
if freshFor < 0 and ARGV[1] ~= '' and redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  loads = 1
end
if not found then
  return { loads }
end
return { loads, freshFor, entry[1], entry[4] or '0', entry[3] or '' }
