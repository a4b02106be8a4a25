// Written by tools/lua-modules.ts from store-swap-1.lua: change that file.
export default {
  name: 'store-swap',
  numberOfKeys: 1,
  lua: `-- Writes a value over the version that the writer has seen, and only over that one.
-- KEYS[1] hash: v the value, n its version
-- ARGV[1] the version seen, 0 when there was none
-- ARGV[2] the new value
-- ARGV[3] milliseconds to live, or '' for ever
-- Returns {1, version} when written, {0, value, version} when another version stands there, {0} when none does

local version = redis.call('HGET', KEYS[1], 'n')
if (version or '0') ~= ARGV[1] then
  if not version then
    return { 0 }
  end
  return { 0, redis.call('HGET', KEYS[1], 'v'), version }
end
-- Versions are taken from the server's clock, so that a key made anew never repeats one.
local now = redis.call('TIME')
local written = string.format('%.0f', math.max(now[1] * 1000000 + now[2], (tonumber(version) or 0) + 1))
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'n', written)
if ARGV[3] ~= '' then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return { 1, written }
`,
};
