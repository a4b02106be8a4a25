-- Gives the version of a tag, and begins one where there is none.
-- KEYS[1] the version
-- ARGV[1] the version to begin with
-- ARGV[2] milliseconds that it is remembered after the last use
-- Returns the version

local version = redis.call('GET', KEYS[1])
if not version then
  version = ARGV[1]
  redis.call('SET', KEYS[1], version)
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return version
