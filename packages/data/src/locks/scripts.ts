import { defineScript } from '../redis/script.ts';
import { nextStamp } from '../redis/twin.ts';
import acquireSource from '../scripts/lock-acquire-2.lua.ts';
import extendSource from '../scripts/lock-extend-1.lua.ts';
import releaseSource from '../scripts/lock-release-1.lua.ts';

export const acquireScript = defineScript(
  acquireSource,
  (call, [lock = '', last = ''], [token = '', ttlMs = 0, rememberMs = 0]) => {
    const [holder, held] = call('hmget', lock, 't', 'f') as [string | null, string | null];
    if (holder !== null && holder !== String(token)) return [0, call('pttl', lock)];
    let fence = held;
    if (fence === null) {
      fence = nextStamp(call, call('get', last) as string | null);
      call('set', last, fence, 'PX', rememberMs);
      call('hset', lock, 't', token, 'f', fence);
    }
    call('pexpire', lock, ttlMs);
    return [1, fence];
  },
);

export const extendScript = defineScript(extendSource, (call, [lock = ''], [token = '', ttlMs = 0]) =>
  call('hget', lock, 't') === String(token) ? call('pexpire', lock, ttlMs) : 0,
);

export const releaseScript = defineScript(releaseSource, (call, [lock = ''], [token = '']) =>
  call('hget', lock, 't') === String(token) ? call('del', lock) : 0,
);
