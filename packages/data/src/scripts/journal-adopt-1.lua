-- Writes down which server the family trusts from now on, and whether something may have been lost on the way.
-- KEYS[1] hash: of the family: epoch, server, suspect, note, epochs
-- ARGV[1] the epoch that the caller has seen, '' for none
-- ARGV[2] replication id of the server that the caller has looked at
-- ARGV[3] the new epoch; the one seen when only the server's description changes
-- ARGV[4] description of the server
-- ARGV[5] the doubt, '' when there is none, '=' when what is remembered stays
-- ARGV[6] how the doubt was settled, or ''
-- ARGV[7] how many epochs to remember
-- Returns {1} when written, {0} when another caller was first or the server changed again

if (redis.call('HGET', KEYS[1], 'epoch') or '') ~= ARGV[1] then
  return { 0 }
end
if not string.find(redis.call('INFO', 'replication'), 'master_replid:' .. ARGV[2], 1, true) then
  return { 0 }
end
if ARGV[3] ~= ARGV[1] then
  local epochs = cjson.decode(redis.call('HGET', KEYS[1], 'epochs') or '[]')
  epochs[#epochs + 1] = { ARGV[3], tonumber(redis.call('HGET', KEYS[1], 'writes') or '0') }
  while #epochs > tonumber(ARGV[7]) do
    table.remove(epochs, 1)
  end
  redis.call('HSET', KEYS[1], 'epochs', cjson.encode(epochs))
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'server', ARGV[4])
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'suspect')
elseif ARGV[5] ~= '=' then
  redis.call('HSET', KEYS[1], 'suspect', ARGV[5])
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], 'note', ARGV[6])
end
return { 1 }
