-- Inserts an entry, or writes version n over version n - 1: entry, history, references, indices and due time, or nothing.
-- KEYS[1] hash: of the family, writes counts its changes
-- KEYS[2] hash: the entry: version, entry, due, updated, fence, owner, members, held, and note:<version> for each version
-- KEYS[3] hash: reference to id
-- KEYS[4] sorted set: the members under which entries are listed, all with score 0
-- KEYS[5] sorted set: ids by due time, without those that are leased
-- KEYS[6] sorted set: leased ids by the end of the lease
-- ARGV[3] id
-- ARGV[4] version; 1 inserts
-- ARGV[5] the entry
-- ARGV[6] its line of history
-- ARGV[7] due time, or '' when it is at rest
-- ARGV[8] time of this write
-- ARGV[9] the members under which it is listed, joined by two NULs
-- ARGV[10] fence, or ''
-- ARGV[11] 1 when the lease is kept
-- ARGV[12] and on: its references
-- Returns {1, changes so far} when written, {0, entry} or {0} when another version stands there or none, {-2} when a later
-- claim was given out, {-3, reference} when another entry holds that reference

local id, version, due, members, fence = ARGV[3], ARGV[4], ARGV[7], ARGV[9], ARGV[10]
local standing = redis.call('HMGET', KEYS[2], 'version', 'fence', 'members', 'held')
if version == '1' then
  if standing[1] then
    return { 0, redis.call('HGET', KEYS[2], 'entry') }
  end
else
  if not standing[1] then
    return { 0 }
  end
  if fence ~= '' and fence ~= (standing[2] or '0') then
    return { -2 }
  end
  if tonumber(standing[1]) ~= tonumber(version) - 1 then
    return { 0, redis.call('HGET', KEYS[2], 'entry') }
  end
end

local held = standing[4]
local taken = {}
if #ARGV > 11 then
  local owners = redis.call('HMGET', KEYS[3], unpack(ARGV, 12))
  for i = 1, #owners do
    if not owners[i] then
      taken[#taken + 1] = ARGV[11 + i]
    elseif owners[i] ~= id then
      return { -3, ARGV[11 + i] }
    end
  end
end

-- From here on nothing is refused.
local fresh = {}
for i = 1, #taken do
  fresh[2 * i - 1] = taken[i]
  fresh[2 * i] = id
  held = held and (held .. '\0' .. taken[i]) or taken[i]
end
if #fresh > 0 then
  redis.call('HSET', KEYS[3], unpack(fresh))
end

local function split(text)
  local parts, from = {}, 1
  while true do
    local at = string.find(text, '\0\0', from, true)
    if not at then
      parts[#parts + 1] = string.sub(text, from)
      return parts
    end
    parts[#parts + 1] = string.sub(text, from, at - 1)
    from = at + 2
  end
end

if standing[3] ~= members then
  local stays = {}
  local wanted = split(members)
  for i = 1, #wanted do
    stays[wanted[i]] = true
  end
  if standing[3] then
    local former = split(standing[3])
    for i = 1, #former do
      if stays[former[i]] then
        stays[former[i]] = false
      else
        redis.call('ZREM', KEYS[4], former[i])
      end
    end
  end
  local added = {}
  for i = 1, #wanted do
    if stays[wanted[i]] then
      added[#added + 1] = 0
      added[#added + 1] = wanted[i]
    end
  end
  if #added > 0 then
    redis.call('ZADD', KEYS[4], unpack(added))
  end
end

local leased = version ~= '1' and redis.call('ZSCORE', KEYS[6], id)
if leased and fence ~= '' and ARGV[11] ~= '1' then
  redis.call('ZREM', KEYS[6], id)
  redis.call('HDEL', KEYS[2], 'owner')
  leased = false
end
if not leased then
  if due ~= '' then
    redis.call('ZADD', KEYS[5], due, id)
  elseif version ~= '1' then
    redis.call('ZREM', KEYS[5], id)
  end
end

local fields = { 'version', version, 'entry', ARGV[5], 'note:' .. version, ARGV[6],
  'due', due, 'updated', ARGV[8], 'members', members }
if #taken > 0 then
  fields[#fields + 1] = 'held'
  fields[#fields + 1] = held
end
redis.call('HSET', KEYS[2], unpack(fields))
return { 1, redis.call('HINCRBY', KEYS[1], 'writes', 1) }
