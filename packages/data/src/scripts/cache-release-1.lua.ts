// Written by tools/lua-modules.ts from cache-release-1.lua: change that file.
export default {
  name: 'cache-release',
  numberOfKeys: 1,
  lua: `-- Lets others load, after a load that failed.
-- KEYS[1] token of the one who loads
-- ARGV[1] token of the one whose load failed
-- Returns 1, or 0 when somebody else loads by now

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
`,
};
