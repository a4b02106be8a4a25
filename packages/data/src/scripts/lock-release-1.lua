-- Gives a lock back, if it is still this holder's.
-- KEYS[1] hash: t the holder's token
-- ARGV[1] the holder's token
-- Returns 1, or 0 when it is no longer this holder's

if redis.call('HGET', KEYS[1], 't') ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
