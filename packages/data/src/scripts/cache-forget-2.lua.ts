// Written by tools/lua-modules.ts from cache-forget-2.lua: change that file.
export default {
  name: 'cache-forget',
  numberOfKeys: 2,
  lua: `-- Forgets a cached value, and whatever is being loaded for it.
-- KEYS[1] the cached value
-- KEYS[2] token of the one who loads
-- ARGV[1] channel on which local copies hear of it
-- ARGV[2] what they hear
-- Returns 1 when there was a value, else 0

local forgotten = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[1], ARGV[2])
return forgotten
`,
};
