import { expect, test } from 'vitest';

import { parseCommandLine, USAGE } from './arguments.ts';

test('starts everything on free ports when nothing is said', () => {
  expect(parseCommandLine([])).toEqual({
    kind: 'run',
    command: {
      emulators: expect.arrayContaining(['mpesa']),
      host: undefined,
      firstPort: undefined,
      speed: 1,
      seed: undefined,
      chance: 0,
      faults: [],
      handsets: [],
      isJson: false,
      isQuiet: false,
    },
  });
});

test('reads what is said', () => {
  const line = parseCommandLine(
    [
      '--only mpesa --port 4010 --speed 20 --seed 7 --chance 0.25 --json',
      '--fault mpesa:submit:reply-lost,times=2 --fault mpesa:callback:missing',
      '--handset decline --handset 254712345678=wrong-pin --handset mpesa:254700000000=ignore',
    ].flatMap((words) => words.split(' ')),
  );
  expect(line).toEqual({
    kind: 'run',
    command: {
      emulators: ['mpesa'],
      host: undefined,
      firstPort: 4010,
      speed: 20,
      seed: 7,
      chance: 0.25,
      faults: [
        { emulator: 'mpesa', fault: { stage: 'submit', kind: 'reply-lost', times: 2 } },
        { emulator: 'mpesa', fault: { stage: 'callback', kind: 'missing' } },
      ],
      handsets: [
        { emulator: undefined, msisdn: undefined, behaviour: 'decline' },
        { emulator: undefined, msisdn: '254712345678', behaviour: 'wrong-pin' },
        { emulator: 'mpesa', msisdn: '254700000000', behaviour: 'ignore' },
      ],
      isJson: true,
      isQuiet: true,
    },
  });
});

test.each([
  [['--bogus'], '--bogus'],
  [['lunch'], '"emulator" is refused'],
  [['--only', 'lunch'], '"emulator" is refused'],
  [['--port', '70000'], '"--port" is refused'],
  [['--port', '1.5'], '"--port" is refused'],
  [['--speed', '0'], '"--speed" is refused'],
  [['--chance', '2'], '"--chance" is refused'],
  [['--seed', ''], '"--seed" is refused'],
  [['--fault', 'submit'], '"--fault" is refused'],
  [['--fault', 'submit:html'], '"fault" is refused'],
  [['--fault', 'lunch:submit:html'], '"emulator" is refused'],
  [['--fault', 'mpesa:submit:bang'], '"fault.kind" is refused'],
  [['--handset', 'shrug'], '"behaviour" is refused'],
  [['--handset', 'lunch:approve'], '"emulator" is refused'],
])('calls %j a mistake', (argv, problem) => {
  expect(parseCommandLine(argv)).toEqual({ kind: 'mistake', problem: expect.stringContaining(problem) });
});

test('takes the names of emulators without an option, too', () => {
  expect(parseCommandLine(['aptos', 'mpesa', '--only', 'aptos'])).toMatchObject({
    command: { emulators: ['aptos', 'mpesa'] },
  });
});

test('explains every option', () => {
  expect(parseCommandLine(['-h'])).toEqual({ kind: 'help' });
  for (const option of [
    'only',
    'host',
    'port',
    'speed',
    'handset',
    'fault',
    'chance',
    'seed',
    'json',
    'quiet',
    'help',
  ]) {
    expect(USAGE).toContain(`--${option}`);
  }
});
