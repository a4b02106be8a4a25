import { expect, test } from 'vitest';

import { runSandbox } from './run.ts';

/** Runs the command until its first line is out, lets `meanwhile` use it, and interrupts it. */
async function run(argv: readonly string[], meanwhile: (firstLine: string) => Promise<void> = async () => undefined) {
  const lines: { readonly to: 'out' | 'err'; readonly line: string }[] = [];
  const controller = new AbortController();
  let tellFirst: (line: string) => void;
  const first = new Promise<string>((resolve) => {
    tellFirst = resolve;
  });
  const write =
    (to: 'out' | 'err') =>
    (line: string): void => {
      lines.push({ to, line });
      tellFirst(line);
    };
  const ended = runSandbox(argv, { out: write('out'), err: write('err'), interrupted: controller.signal });
  await Promise.race([first, ended]);
  if (lines[0]?.to === 'out') await meanwhile(await first);
  controller.abort();
  return { code: await ended, lines };
}

interface Described {
  readonly seed: number;
  readonly emulators: {
    readonly mpesa: { readonly baseUrl: string; readonly control: string; readonly settings: object };
  };
}

test('prints addresses and settings for people, and ends well when it is interrupted', async () => {
  const { code, lines } = await run(['--only', 'mpesa']);
  expect(code).toBe(0);
  expect(lines[0]?.line).toMatch(
    /^mpesa {2}http:\/\/127\.0\.0\.1:\d+\n─+\n {2}consumerKey {2,}canza-sandbox-consumer-key\n/,
  );
  expect(lines[0]?.line).not.toContain('BEGIN CERTIFICATE');
  expect(lines[0]?.line).toMatch(/Seed \d+\. Interrupt to stop\.\n$/);
});

test('prints one line of JSON when told to, and nothing listens when it has ended', async () => {
  let baseUrl = '';
  const { lines } = await run(['--json', '--seed', '7'], async (line) => {
    const { seed, emulators } = JSON.parse(line) as Described;
    expect(seed).toBe(7);
    ({ baseUrl } = emulators.mpesa);
    expect(emulators.mpesa.settings).toMatchObject({ shortcode: '174379' });
    expect((await fetch(emulators.mpesa.control)).status).toBe(200);
  });
  expect(lines).toHaveLength(1);
  await expect(fetch(baseUrl)).rejects.toThrow('fetch failed');
});

test('starts a network of one’s own by its name, with faults behind the node', async () => {
  await run(
    ['aptos', '--port', '0', '--json', '--fault', 'aptos:chain:lagging-node,operation=account'],
    async (line) => {
      const { aptos } = (
        JSON.parse(line) as { emulators: Record<string, { baseUrl: string; settings: Record<string, string> }> }
      ).emulators;
      const { nodeUrl = '', faucetUrl = '', indexerUrl = '' } = aptos?.settings ?? {};
      expect(new Set([nodeUrl, faucetUrl, indexerUrl].map((url) => new URL(url).port)).size).toBe(3);
      expect(await (await fetch(nodeUrl)).json()).toMatchObject({ chain_id: 4 });
      const fund = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"address":"0xcafe"}' };
      expect(await (await fetch(`${faucetUrl}/fund`, fund)).json()).toMatchObject({ txn_hashes: [expect.any(String)] });
      const faults = await (await fetch(`${aptos?.baseUrl}/__sandbox/faults`)).json();
      expect(faults).toMatchObject({ planned: [{ fault: { stage: 'chain', kind: 'lagging-node' } }] });
    },
  );
});

test('starts with the faults and phones it was given', async () => {
  const argv = ['--json', '--fault', 'mpesa:token:html,times=2', '--handset', 'decline'];
  await run(argv, async (line) => {
    const { mpesa } = (JSON.parse(line) as Described).emulators;
    const faults = await (await fetch(`${mpesa.control}/faults`)).json();
    expect(faults).toMatchObject({ planned: [{ fault: { stage: 'token', kind: 'html' }, remaining: 2 }] });
    const ask = () => fetch(`${mpesa.baseUrl}/oauth/v1/generate`);
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([403, 403, 400]);
  });
});

test('tells what happens, unless it is to be quiet', async () => {
  const use = async (line: string): Promise<void> => {
    await fetch(`${/http:\S+/.exec(line)?.[0]}/oauth/v1/generate`);
  };
  const told = await run([], use);
  expect(told.lines.map(({ line }) => line.slice(14).trimEnd())).toContain(
    'mpesa      request   GET /oauth/v1/generate (token)',
  );
  expect((await run(['--quiet'], use)).lines).toHaveLength(1);
});

test('says on the other channel what is wrong with the command line, and starts nothing', async () => {
  const { code, lines } = await run(['--fault', 'mpesa:submit:bang']);
  expect(code).toBe(2);
  expect(lines).toEqual([{ to: 'err', line: expect.stringContaining('"fault.kind" is refused') }]);
});

test('fails when a port is taken, and leaves nothing running', async () => {
  await run(['--json'], async (line) => {
    const { port } = new URL((JSON.parse(line) as Described).emulators.mpesa.baseUrl);
    expect(await run(['--port', port])).toEqual({
      code: 1,
      lines: [{ to: 'err', line: expect.stringContaining('address already in use') }],
    });
  });
});
