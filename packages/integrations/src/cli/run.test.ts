import { expect, it } from 'vitest';
import type { Examination } from '../doctor/examine.ts';
import { type CommandLine, runCommand } from './run.ts';

const finding = { about: 'journal', verdict: 'fail', what: 'in memory', todo: 'keep it' } as const;

function createTerminal(verdict: Examination['verdict'] = 'ok', variables: CommandLine['variables'] = {}) {
  const said = { out: '', err: '' };
  const examined: unknown[] = [];
  const machine: CommandLine = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    variables,
    readFile: () => 'from a file',
    load: async (path) => {
      if (path === 'config.ts') return { journal: 'memory' };
      if (path === 'nothing.ts') return undefined;
      throw new Error('token=hush-hush');
    },
    examine: async (config) => {
      examined.push(config);
      return { verdict, findings: [finding] };
    },
    format: ({ verdict: worst }) => `it is ${worst}`,
  };
  return { said, examined, machine };
}

it.each([
  ['ok', 0],
  ['warn', 0],
  ['fail', 1],
] as const)('ends a doctor who says %s with %d', async (verdict, code) => {
  const { machine, said } = createTerminal(verdict);
  expect(await runCommand(['doctor'], machine)).toBe(code);
  expect(said.out).toBe(`it is ${verdict}`);
});

it('reads the variables, and files that they name', async () => {
  const { machine, examined } = createTerminal('ok', { CANZA_MPESA_PASSKEY_FILE: '/run/secrets/passkey' });
  await runCommand(['doctor'], machine);
  expect(examined).toEqual([{ mpesa: { passkey: 'from a file' } }]);
});

it('reads a module in their place, and prints JSON where a program reads', async () => {
  const { machine, examined, said } = createTerminal('fail');
  expect(await runCommand(['doctor', '--config', 'config.ts', '--json'], machine)).toBe(1);
  expect(examined).toEqual([{ journal: 'memory' }]);
  expect(JSON.parse(said.out)).toEqual({ verdict: 'fail', findings: [finding] });
});

it.each([[['docter']], [[]], [['doctor', '--jsn']], [['doctor', '--config']]])(
  'explains itself to %j',
  async (argv) => {
    const { machine, said } = createTerminal();
    expect(await runCommand(argv, machine)).toBe(2);
    expect(said.err).toContain('canza doctor [--config FILE]');
  },
);

it.each([
  ['a variable that is misspelled', ['doctor'], { CANZA_MPESA_PASKEY: 'hush-hush' }, /CANZA_MPESA_PASKEY/],
  ['a module that breaks', ['doctor', '--config', 'broken.ts'], {}, /broken.ts cannot be loaded: Error\./],
  ['a module without a configuration', ['doctor', '--config', 'nothing.ts'], {}, /default export is the configuration/],
])('does not begin with %s, and keeps what it read to itself', async (_, argv, variables, expected) => {
  const { machine, said, examined } = createTerminal('ok', variables);
  expect(await runCommand(argv, machine)).toBe(2);
  expect(said.err).toMatch(expected);
  expect(said.err).not.toContain('hush-hush');
  expect(examined).toEqual([]);
});
