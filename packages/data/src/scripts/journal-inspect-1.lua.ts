// Written by tools/lua-modules.ts from journal-inspect-1.lua: change that file.
export default {
  name: 'journal-inspect',
  numberOfKeys: 1,
  lua: `-- Shows what the server says of itself, and what the family remembers of it. Changes nothing.
-- KEYS[1] hash: of the family
-- Returns {INFO server, INFO replication, INFO persistence, INFO memory, field, value, field, value, ...}

local seen = {}
for i, section in ipairs({ 'server', 'replication', 'persistence', 'memory' }) do
  seen[i] = redis.call('INFO', section)
end
local remembered = redis.call('HGETALL', KEYS[1])
for i = 1, #remembered do
  seen[4 + i] = remembered[i]
end
return seen
`,
};
