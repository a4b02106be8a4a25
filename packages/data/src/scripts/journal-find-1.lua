-- Finds the entry that holds a reference.
-- KEYS[1] hash: reference to id
-- ARGV[1] reference
-- ARGV[2] beginning of the keys of entries, which lie in the slot of KEYS[1]
-- Returns the entry, or nil

local id = redis.call('HGET', KEYS[1], ARGV[1])
return id and redis.call('HGET', ARGV[2] .. id, 'entry')
