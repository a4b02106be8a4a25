import { defineScript, type RedisScript, type ScriptSource } from '../redis/script.ts';
import adopt from '../scripts/journal-adopt-1.lua.ts';
import archive from '../scripts/journal-archive-2.lua.ts';
import claim from '../scripts/journal-claim-3.lua.ts';
import find from '../scripts/journal-find-1.lua.ts';
import forget from '../scripts/journal-forget-4.lua.ts';
import guard from '../scripts/journal-guard-1.lua.ts';
import inspect from '../scripts/journal-inspect-1.lua.ts';
import list from '../scripts/journal-list-1.lua.ts';
import release from '../scripts/journal-release-4.lua.ts';
import write from '../scripts/journal-write-6.lua.ts';

/** A change begins with the guard: on a server that nobody has looked at it does nothing. */
const guarded = (source: ScriptSource): RedisScript => defineScript({ ...source, lua: `${guard.lua}\n${source.lua}` });

export const WRITE = guarded(write);
export const CLAIM = guarded(claim);
export const RELEASE = guarded(release);
export const ARCHIVE = guarded(archive);
export const FORGET = guarded(forget);
export const FIND = defineScript(find);
export const LIST = defineScript(list);
export const INSPECT = defineScript(inspect);
export const ADOPT = defineScript(adopt);

/** What a guarded script answers on a server, or in an epoch, that the caller has not seen. */
export const STRANGER = -1;
