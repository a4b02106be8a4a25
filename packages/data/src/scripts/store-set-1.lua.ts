// Written by tools/lua-modules.ts from store-set-1.lua: change that file.
export default {
  name: 'store-set',
  numberOfKeys: 1,
  lua: `-- Writes a value over whatever stands there.
-- KEYS[1] hash: v the value, n its version
-- ARGV[1] the new value
-- ARGV[2] milliseconds to live, or '' for ever
-- Returns the version written

local before = tonumber(redis.call('HGET', KEYS[1], 'n') or 0)
local now = redis.call('TIME')
local written = string.format('%.0f', math.max(now[1] * 1000000 + now[2], before + 1))
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'n', written)
if ARGV[2] ~= '' then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return written
`,
};
