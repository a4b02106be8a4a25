import { defineScript, type ScriptCall } from '../redis/script.ts';
import { expireIfTold, nextStamp } from '../redis/twin.ts';
import incrementSource from '../scripts/store-increment-1.lua.ts';
import setSource from '../scripts/store-set-1.lua.ts';
import swapSource from '../scripts/store-swap-1.lua.ts';

function write(
  call: ScriptCall,
  key: string,
  value: string | Buffer | number,
  ttlMs: string,
  last: string | null,
): string {
  const written = nextStamp(call, last);
  call('del', key);
  call('hset', key, 'v', value, 'n', written);
  expireIfTold(call, key, ttlMs);
  return written;
}

export const swapScript = defineScript(swapSource, (call, [key = ''], [seen = '', value = '', ttlMs = '']) => {
  const version = call('hget', key, 'n') as string | null;
  if ((version ?? '0') === String(seen)) return [1, write(call, key, value, String(ttlMs), version)];
  return version === null ? [0] : [0, call('hget', key, 'v'), version];
});

export const setScript = defineScript(setSource, (call, [key = ''], [value = '', ttlMs = '']) =>
  write(call, key, value, String(ttlMs), call('hget', key, 'n') as string | null),
);

export const incrementScript = defineScript(incrementSource, (call, [key = ''], [by = 0, ttlMs = '']) => {
  const [value, version] = call('hmget', key, 'v', 'n') as [string | null, string | null];
  if (!/^-?\d+$/.test(value ?? '0')) return [0];
  const sum = Number(value ?? 0) + Number(by);
  if (!Number.isSafeInteger(Number(value ?? 0)) || !Number.isSafeInteger(sum)) return [0];
  call('hset', key, 'v', String(sum), 'n', nextStamp(call, version));
  if (version === null) expireIfTold(call, key, String(ttlMs));
  return [1, String(sum)];
});
