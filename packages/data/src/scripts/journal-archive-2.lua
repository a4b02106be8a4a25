-- Takes entries of one state that are at rest since some time out of the lists, and puts them into that of the archive.
-- KEYS[1] hash: of the family
-- KEYS[2] sorted set: the members under which entries are listed
-- ARGV[3] first member to look at, as ZRANGEBYLEX takes it
-- ARGV[4] last member
-- ARGV[5] how many to look at
-- ARGV[6] how many to move at most
-- ARGV[7] length of a member before its time
-- ARGV[8] beginning of the keys of entries, which lie in the slot of KEYS[1]
-- ARGV[9] only what was last written before, in milliseconds
-- ARGV[10] beginning of the members of the archive
-- Returns {1, how many were moved, the last member looked at}, without a member when there are no more

local members = redis.call('ZRANGEBYLEX', KEYS[2], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[5])
local moved = 0
for i = 1, #members do
  local position = string.sub(members[i], ARGV[7] + 1)
  -- Behind sixteen digits and a colon.
  local key = ARGV[8] .. string.sub(position, 18)
  local standing = redis.call('HMGET', key, 'updated', 'due', 'members')
  if standing[2] == '' and tonumber(standing[1]) < tonumber(ARGV[9]) then
    local from = 1
    repeat
      local at = string.find(standing[3], '\0\0', from, true)
      redis.call('ZREM', KEYS[2], string.sub(standing[3], from, at and at - 1))
      from = at and at + 2
    until not at
    redis.call('ZADD', KEYS[2], 0, ARGV[10] .. position)
    redis.call('HSET', key, 'members', ARGV[10] .. position)
    moved = moved + 1
    if moved == tonumber(ARGV[6]) then
      return { 1, moved, members[i] }
    end
  end
end
if #members < tonumber(ARGV[5]) then
  return { 1, moved }
end
return { 1, moved, members[#members] }
