#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './cli/run.ts';
import { examine, formatExamination } from './doctor/index.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  variables: process.env,
  readFile: (path) => readFileSync(path, 'utf8'),
  load: async (path) => ((await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown }).default,
  examine: (config) => examine(config),
  format: formatExamination,
});
