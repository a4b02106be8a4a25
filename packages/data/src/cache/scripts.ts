import { defineScript, type ScriptCall } from '../redis/script.ts';
import { timeMicros } from '../redis/twin.ts';
import fillSource from '../scripts/cache-fill-2.lua.ts';
import forgetSource from '../scripts/cache-forget-2.lua.ts';
import forgetTagSource from '../scripts/cache-forget-tag-1.lua.ts';
import readSource from '../scripts/cache-read-2.lua.ts';
import releaseSource from '../scripts/cache-release-1.lua.ts';
import tagSource from '../scripts/cache-tag-1.lua.ts';

const timeMs = (call: ScriptCall): number => Math.floor(timeMicros(call) / 1000);

export const readScript = defineScript(
  readSource,
  (call, [key = '', loader = ''], [token = '', loadMs = 0, ignore = '']) => {
    const [value, freshUntil, tags, absent] = call('hmget', key, 'v', 'f', 't', 'a') as (string | null)[];
    const found = typeof value === 'string' && ignore !== '1';
    const freshForMs = found ? Number(freshUntil) - timeMs(call) : -1;
    const takes = freshForMs < 0 && token !== '' && call('set', loader, token, 'NX', 'PX', loadMs) !== null;
    if (!found) return [Number(takes)];
    return [Number(takes), freshForMs, call.bytes('hget', key, 'v'), absent ?? '0', tags ?? ''];
  },
);

export const fillScript = defineScript(
  fillSource,
  (
    call,
    [key = '', loader = ''],
    [token = '', value = '', absent = '0', freshMs = 0, keepMs = 0, tags = '', channel = '', message = ''],
  ) => {
    if (token !== '' && call('get', loader) !== token) return 0;
    const freshUntil = timeMs(call) + Number(freshMs);
    call('del', key, loader);
    call('hset', key, 'v', value, 'a', absent, 'f', String(freshUntil), 't', tags);
    call('pexpire', key, keepMs);
    call('publish', channel, message);
    return 1;
  },
);

export const forgetScript = defineScript(
  forgetSource,
  (call, [key = '', loader = ''], [channel = '', message = '']) => {
    const forgotten = call('del', key);
    call('del', loader);
    call('publish', channel, message);
    return forgotten;
  },
);

export const releaseScript = defineScript(releaseSource, (call, [loader = ''], [token = '']) =>
  call('get', loader) === token ? call('del', loader) : 0,
);

export const tagScript = defineScript(tagSource, (call, [key = ''], [begin = '', rememberMs = 0]) => {
  let version = call('get', key) as string | null;
  if (version === null) {
    version = String(begin);
    call('set', key, version);
  }
  call('pexpire', key, rememberMs);
  return version;
});

export const forgetTagScript = defineScript(forgetTagSource, (call, [key = ''], [channel = '', message = '']) => {
  const ended = call('del', key);
  call('publish', channel, message);
  return ended;
});
