// Written by tools/lua-modules.ts from journal-guard-1.lua: change that file.
export default {
  name: 'journal-guard',
  numberOfKeys: 1,
  lua: `-- Stands in front of every script that changes the journal: nothing is written on a server that the caller has not looked at.
-- After a failover or a restart the replication id is another one; after a doubt was raised or settled the epoch is.
-- KEYS[1] hash: of the family, epoch
-- ARGV[1] replication id of the server that the caller has looked at
-- ARGV[2] the epoch that it has seen there
-- Returns {-1} when either is another one now; otherwise the script goes on

if not string.find(redis.call('INFO', 'replication'), 'master_replid:' .. ARGV[1], 1, true) then
  return { -1 }
end
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] then
  return { -1 }
end
`,
};
