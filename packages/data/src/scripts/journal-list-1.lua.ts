// Written by tools/lua-modules.ts from journal-list-1.lua: change that file.
export default {
  name: 'journal-list',
  numberOfKeys: 1,
  lua: `-- Reads entries in the order in which they are listed.
-- KEYS[1] sorted set: the members under which entries are listed: <list>, NUL, sixteen digits of time, colon, id
-- ARGV[1] first member, as ZRANGEBYLEX takes it
-- ARGV[2] last member
-- ARGV[3] how many at most
-- ARGV[4] length of a member before its id
-- ARGV[5] beginning of the keys of entries, which lie in the slot of KEYS[1]
-- Returns the entries

local members = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
local entries = {}
for i = 1, #members do
  entries[i] = redis.call('HGET', ARGV[5] .. string.sub(members[i], ARGV[4] + 1), 'entry')
end
return entries
`,
};
