#!/usr/bin/env node
import { runSandbox } from './cli/run.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
// Whoever read our lines has gone: `canza-sandbox | head`.
process.stdout.on('error', () => controller.abort());

process.exitCode = await runSandbox(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  interrupted: controller.signal,
});
