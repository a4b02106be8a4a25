import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../../tools/free-port.ts';
import { until } from '../until.ts';

const run = promisify(execFile);

const isOnPath = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));

/** Whether tests must do without servers of their own; where real ones are asked for they may not. */
export const lacksRedisServer: boolean =
  process.env['CANZA_REQUIRE_REAL'] !== '1' && !(isOnPath('redis-server') && isOnPath('redis-cli'));

/** A Redis of a test's own, with its data on the disk, that can be killed and started again. */
export class OwnRedis {
  readonly #folder = mkdtempSync(join(tmpdir(), 'canza-redis-'));
  readonly #options: readonly string[];
  #server: ChildProcess | undefined;
  port = 0;

  /** @param options As on the command line of redis-server; by default every write is synced to an append-only file. */
  constructor(options: readonly string[] = ['--appendonly', 'yes', '--appendfsync', 'always']) {
    this.#options = options;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const own = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder];
    const server = spawn('redis-server', [...own, ...this.#options], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#server = server;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      server.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`Redis ended:\n${output}`)));
    });
  }

  /** One command by redis-cli. */
  async cli(...command: string[]): Promise<string> {
    return (await run('redis-cli', ['-p', String(this.port), ...command])).stdout.trim();
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** Stops answering without ending, as a machine that hangs. */
  pause(): void {
    this.#server?.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A master, a replica of it, and a sentinel that promotes the replica when the master is gone. */
export class OwnSentinel {
  static readonly MASTER = 'canza';
  readonly master: OwnRedis;
  readonly replica: OwnRedis;
  readonly #folder = mkdtempSync(join(tmpdir(), 'canza-sentinel-'));
  #sentinel: ChildProcess | undefined;
  port = 0;

  constructor(options?: readonly string[]) {
    this.master = new OwnRedis(options);
    this.replica = new OwnRedis(options);
  }

  async start(): Promise<void> {
    await Promise.all([this.master.start(), this.replica.start()]);
    await this.replica.cli('replicaof', '127.0.0.1', String(this.master.port));
    await until(async () => (await this.replica.cli('info', 'replication')).includes('master_link_status:up'));
    this.port = await freePort();
    const name = OwnSentinel.MASTER;
    const file = join(this.#folder, 'sentinel.conf');
    writeFileSync(
      file,
      `port ${this.port}
bind 127.0.0.1
dir ${this.#folder}
sentinel monitor ${name} 127.0.0.1 ${this.master.port} 1
sentinel down-after-milliseconds ${name} 1000
sentinel failover-timeout ${name} 5000
`,
    );
    this.#sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    await until(async () => {
      const { stdout } = await run('redis-cli', ['-p', String(this.port), 'sentinel', 'replicas', name]);
      return stdout.includes(String(this.replica.port));
    });
  }

  async remove(): Promise<void> {
    this.#sentinel?.kill('SIGKILL');
    this.replica.resume();
    await Promise.all([this.master.remove(), this.replica.remove()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A Redis Cluster of three masters, with as many replicas of each as asked for. */
export class OwnCluster {
  readonly nodes: OwnRedis[] = [];

  async start(replicas = 0): Promise<void> {
    const options = [
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--cluster-enabled',
      'yes',
      '--cluster-node-timeout',
      '1000',
    ];
    for (let index = 0; index < 3 * (1 + replicas); index++) this.nodes.push(new OwnRedis(options));
    await Promise.all(this.nodes.map((node) => node.start()));
    const addresses = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    const create = ['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'];
    await run('redis-cli', create);
    await until(async () => {
      const infos = await Promise.all(this.nodes.map((node) => node.cli('cluster', 'info')));
      return infos.every((info) => info.includes('cluster_state:ok'));
    });
  }

  get addresses(): { host: string; port: number }[] {
    return this.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }
}
