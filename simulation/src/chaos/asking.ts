import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a process of a run is asked for, and answers, over the channel that its parent keeps open. */
type Ask = { readonly number: number; readonly name: string; readonly argument: unknown };
type Answer = { readonly number: number; readonly value?: unknown; readonly error?: string };

const HOOKS = fileURLToPath(new URL('../../../tools/source-packages.ts', import.meta.url));

/** Half of what starting a process costs is compiling: what one has compiled, the next one takes. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** A process of a run, seen from the one that started it. */
export class Part {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;
  /** Resolves when it has ended, with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;

  /**
   * Starts a program of this folder. What it writes goes into `<folder>/<name>.log`. It ends by itself when the channel to this
   * process closes, however that comes about.
   */
  constructor(name: string, program: string, options: object, folder: string) {
    this.name = name;
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = fork(fileURLToPath(new URL(program, import.meta.url)), [JSON.stringify(options)], {
      execArgv: ['--import', HOOKS],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
      serialization: 'advanced',
      stdio: ['ignore', log, log, 'ipc'],
    });
    this.#process = child;
    closeSync(log);
    this.ended = new Promise((resolve) => {
      const end = (how: number | NodeJS.Signals): void => {
        for (const { reject } of this.#open.values()) reject(new Error(`${name} has ended (${how}).`));
        this.#open.clear();
        resolve(how);
      };
      child.once('exit', (code, signal) => end(signal ?? code ?? 1));
      child.once('error', () => end(1));
    });
    child.on('message', ({ number, value, error }: Answer) => {
      const asked = this.#open.get(number);
      this.#open.delete(number);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(new Error(`${name}: ${error}`));
    });
  }

  /** Asks it for something; rejects when it cannot, or ends before. */
  ask<T>(name: string, argument?: unknown): Promise<T> {
    const number = ++this.#asked;
    return new Promise<T>((resolve, reject) => {
      this.#open.set(number, { resolve: resolve as (value: unknown) => void, reject });
      this.#process.send({ number, name, argument } satisfies Ask, (error) => {
        if (error !== null && this.#open.delete(number)) reject(error);
      });
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Stops it where it is, and lets it go on after a while: also when the process that asked for it is gone by then. */
  async pause(forMs: number): Promise<void> {
    const { pid } = this.#process;
    if (pid === undefined || !this.#process.kill('SIGSTOP')) return;
    const alarm = spawn('sh', ['-c', `sleep ${(forMs / 1000).toFixed(3)}; kill -CONT ${pid}`], { stdio: 'ignore' });
    await once(alarm, 'exit');
  }

  /** Lets it end by itself, in its own order. */
  async end(): Promise<void> {
    this.#process.kill('SIGCONT');
    if (this.#process.connected) this.#process.disconnect();
    await this.ended;
  }
}

type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** What cannot be ended in this time stays behind. */
const LEAVING_MS = 60_000;

/** In such a process: what it was started with. */
export const startedWith = (): unknown => JSON.parse(process.argv[2] ?? '{}');

/**
 * In such a process: answers what it is asked, and ends when nobody is left to ask.
 * @param end What is to be ended before.
 */
export function answerWith(answers: Answers, end: () => Promise<void> = async () => undefined): void {
  const answer = async ({ number, name, argument }: Ask): Promise<Answer> => {
    try {
      return { number, value: await answers[name]?.(argument as never) };
    } catch (error) {
      return { number, error: error instanceof Error ? error.message : String(error) };
    }
  };
  // Whoever is killed cannot keep it later.
  flushCompileCache();
  process.on('message', (ask: Ask) => {
    void answer(ask).then((said) => process.connected && process.send?.(said));
  });
  const leave = (): void => {
    setTimeout(() => process.exit(1), LEAVING_MS);
    void end().finally(() => process.exit(0));
  };
  if (process.connected) process.once('disconnect', leave);
  // Whoever started us was gone before we were ready.
  else leave();
  // The terminal tells every process of its group; the one that started us decides.
  process.on('SIGINT', () => undefined);
}
