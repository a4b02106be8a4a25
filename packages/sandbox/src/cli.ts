#!/usr/bin/env node
import { runSandbox } from './cli/run.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
// Whoever read our lines has gone: `canza-sandbox | head`.
process.stdout.on('error', () => controller.abort());

const out = (line: string): void => void process.stdout.write(`${line}\n`);
const err = (line: string): void => void process.stderr.write(`${line}\n`);

// npx starts a package whatever its `engines` say.
if ('rawJSON' in JSON) {
  process.exitCode = await runSandbox(process.argv.slice(2), { out, err, interrupted: controller.signal });
} else {
  err(`The sandbox needs Node 22.12 or later; this is ${process.version}.`);
  process.exitCode = 1;
}
