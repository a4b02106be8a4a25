-- Deletes archived entries with all that belongs to them.
-- KEYS[1] hash: of the family
-- KEYS[2] hash: reference to id
-- KEYS[3] sorted set: the members under which entries are listed
-- KEYS[4] sorted set: leased ids by the end of the lease
-- ARGV[3] beginning of the keys of entries, which lie in the slot of KEYS[1]
-- ARGV[4] beginning of the members of the archive
-- ARGV[5] and on: ids
-- Returns {1, how many were deleted}

local deleted = 0
for i = 5, #ARGV do
  local key = ARGV[3] .. ARGV[i]
  local standing = redis.call('HMGET', key, 'members', 'held')
  if standing[1] and string.sub(standing[1], 1, #ARGV[4]) == ARGV[4] then
    for reference in string.gmatch(standing[2] or '', '%Z+') do
      redis.call('HDEL', KEYS[2], reference)
    end
    redis.call('ZREM', KEYS[3], standing[1])
    redis.call('ZREM', KEYS[4], ARGV[i])
    redis.call('DEL', key)
    deleted = deleted + 1
  end
end
return { 1, deleted }
