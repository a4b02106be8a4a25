// Written by tools/lua-modules.ts from journal-claim-3.lua: change that file.
export default {
  name: 'journal-claim',
  numberOfKeys: 3,
  lua: `-- Puts entries that are due and under nobody's lease under the owner's, earliest first.
-- KEYS[1] hash: of the family, fence is the last one given out
-- KEYS[2] sorted set: ids by due time, without those that are leased
-- KEYS[3] sorted set: leased ids by the end of the lease
-- ARGV[3] beginning of the keys of entries, which lie in the slot of KEYS[1]
-- ARGV[4] now, in milliseconds
-- ARGV[5] end of the lease
-- ARGV[6] how many at most
-- ARGV[7] owner
-- Returns {1, entry, fence, entry, fence, ...}

local over = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[4], 'LIMIT', 0, 1000)
for i = 1, #over do
  local due = redis.call('HGET', ARGV[3] .. over[i], 'due')
  redis.call('ZREM', KEYS[3], over[i])
  redis.call('HDEL', ARGV[3] .. over[i], 'owner')
  if due and due ~= '' then
    redis.call('ZADD', KEYS[2], due, over[i])
  end
end

local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[4], 'LIMIT', 0, ARGV[6])
if #ids == 0 then
  return { 1 }
end
-- Not below the server's clock: a server that forgot the last fences in a failover gives none of them out again.
local time = redis.call('TIME')
local fence = math.max(tonumber(redis.call('HGET', KEYS[1], 'fence') or '0'), time[1] * 1000000 + time[2])
local claims = { 1 }
for i = 1, #ids do
  fence = fence + 1
  local given = string.format('%.0f', fence)
  redis.call('ZREM', KEYS[2], ids[i])
  redis.call('ZADD', KEYS[3], ARGV[5], ids[i])
  redis.call('HSET', ARGV[3] .. ids[i], 'fence', given, 'owner', ARGV[7])
  claims[#claims + 1] = redis.call('HGET', ARGV[3] .. ids[i], 'entry')
  claims[#claims + 1] = given
end
redis.call('HSET', KEYS[1], 'fence', string.format('%.0f', fence))
return claims
`,
};
