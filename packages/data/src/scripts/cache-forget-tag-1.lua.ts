// Written by tools/lua-modules.ts from cache-forget-tag-1.lua: change that file.
export default {
  name: 'cache-forget-tag',
  numberOfKeys: 1,
  lua: `-- Ends the version of a tag: every value that was cached under it counts as missing.
-- KEYS[1] the version
-- ARGV[1] channel on which local copies hear of it
-- ARGV[2] what they hear
-- Returns 1 when there was one, else 0

local ended = redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], ARGV[2])
return ended
`,
};
