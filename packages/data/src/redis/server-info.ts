/** What a server says of itself with INFO, as far as we look at it. */
export interface ServerFacts {
  readonly version: string;
  /** Drawn when the server process starts: another one is another process. */
  readonly runId: string;
  readonly role: 'master' | 'replica';
  /** The history of writes that it follows; a replica that becomes master begins a new one. */
  readonly replicationId: string;
  /** The history that it followed before, where it was a replica. */
  readonly previousReplicationId: string | undefined;
  readonly connectedReplicas: number;
  readonly usedMemoryBytes: number;
  /** 0 when there is no bound. */
  readonly maxMemoryBytes: number;
  /** What happens at the bound, such as `noeviction`. */
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
  readonly loading: boolean;
}

/** Reads the reply of INFO: `name:value` lines. */
export function parseServerInfo(info: string): ServerFacts {
  const lines = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) lines.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const text = (name: string): string => lines.get(name) ?? '';
  const number = (name: string): number => Number(lines.get(name) ?? 0);
  const previous = text('master_replid2');
  return {
    version: text('redis_version'),
    runId: text('run_id'),
    role: text('role') === 'master' ? 'master' : 'replica',
    replicationId: text('master_replid'),
    previousReplicationId: /^0*$/.test(previous) ? undefined : previous,
    connectedReplicas: number('connected_slaves'),
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
    evictionPolicy: text('maxmemory_policy'),
    appendOnly: text('aof_enabled') === '1',
    loading: text('loading') === '1',
  };
}

/** How the server behind a connection differs from the one before. */
export type ServerChange =
  | 'same'
  /** The same place in the history of writes, in a new process: what was not on disk is lost. */
  | 'restarted'
  /** Another server took over: writes that had not reached it are lost. */
  | 'failed-over';

/** How the server behind a connection differs from the one before. */
export function compareServers(before: ServerFacts, now: ServerFacts): ServerChange {
  if (before.runId === now.runId && before.role === now.role) return 'same';
  if (now.previousReplicationId !== undefined && now.previousReplicationId === before.replicationId)
    return 'failed-over';
  return before.runId === now.runId ? 'failed-over' : 'restarted';
}
