import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../../tools/free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../../../tools/postgres-server.ts', import.meta.url));

/** A PostgreSQL of a test's own, with its data on the disk, that can be killed and started again. */
export class OwnPostgres {
  readonly #folder = mkdtempSync(join(tmpdir(), 'canza-postgres-'));
  port = 0;
  #program: ChildProcess | undefined;
  url = '';

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const program = spawn(process.execPath, [PROGRAM, this.#folder, String(this.port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#program = program;
    const [said] = (await once(createInterface({ input: program.stdout }), 'line')) as [string];
    if (!said.startsWith('ready ')) {
      // It would wait for a server that never came up.
      program.kill('SIGKILL');
      throw new Error(said);
    }
    this.url = said.slice('ready '.length);
  }

  /** Kills the server's main process without a warning; its children end when they notice. */
  async kill(): Promise<void> {
    const [pid] = readFileSync(join(this.#folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
    const program = this.#program;
    this.#program = undefined;
    process.kill(Number(pid), 'SIGKILL');
    if (program !== undefined && program.exitCode === null) {
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
    }
  }

  async remove(): Promise<void> {
    const program = this.#program;
    if (program !== undefined && program.exitCode === null) {
      const ended = once(program, 'exit');
      program.stdin?.end();
      await ended;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
