// Written by tools/lua-modules.ts from journal-release-4.lua: change that file.
export default {
  name: 'journal-release',
  numberOfKeys: 4,
  lua: `-- Ends a lease early, if its fence is still the latest.
-- KEYS[1] hash: of the family
-- KEYS[2] hash: the entry
-- KEYS[3] sorted set: ids by due time, without those that are leased
-- KEYS[4] sorted set: leased ids by the end of the lease
-- ARGV[3] id
-- ARGV[4] fence
-- Returns {1}

local standing = redis.call('HMGET', KEYS[2], 'fence', 'due')
if standing[1] == ARGV[4] and redis.call('ZREM', KEYS[4], ARGV[3]) == 1 then
  redis.call('HDEL', KEYS[2], 'owner')
  if standing[2] ~= '' then
    redis.call('ZADD', KEYS[3], standing[2], ARGV[3])
  end
end
return { 1 }
`,
};
