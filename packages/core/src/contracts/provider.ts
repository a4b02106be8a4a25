import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import type { CallOptions } from '../environment.ts';
import { PaymentError } from '../errors/base.ts';
import type { Operation, PaymentType, QueryRequest, SubmitRequest } from '../provider.ts';
import { type Finding, type IncomingCallback, type MobileMoneyProvider, OPERATION_OF } from '../provider.ts';
import type { SuiteRunner } from './runner.ts';

/** What the other party, or the operator's core, does with a payment. */
export type ProviderBehaviour = 'approves' | 'declines' | 'lacks-funds' | 'ignores';

/** What goes wrong, once, with the next exchange of a stage. */
export const PROVIDER_FAULTS = [
  'request-lost',
  'reply-lost',
  'error-500-before',
  'error-500-after',
  'html',
  'empty-200',
  'cut-json',
  'too-many-requests',
  'token-refused',
  'hang',
] as const;

/** Something that goes wrong between a provider and its operator. */
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/** The call of a provider at which a fault strikes. */
export type ProviderStage = 'token' | 'submit' | 'query';

/** One provider, on one operator with books of its own. */
export interface ProviderWorld {
  readonly provider: MobileMoneyProvider;
  /** A valid request of that type, with a reference and callback address that were never used. */
  newRequest(type: PaymentType): SubmitRequest;
  behave(behaviour: ProviderBehaviour): void;
  /** Arms one fault; `false` where the stage cannot show it. */
  arm(stage: ProviderStage, fault: ProviderFault): boolean;
  /** How often money moved for that request, by the operator's own books. */
  movements(request: SubmitRequest): number;
  /** Lets that much time pass, callbacks included. */
  pass(durationMs: number): Promise<void>;
  /** What arrived at that request's own address so far. */
  callbacks(request: SubmitRequest): readonly IncomingCallback[];
  /** Texts that must never be seen: keys, secrets, tokens, the whole number. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** How the suite makes worlds, and what to expect of them. */
export interface ProviderHarness {
  create(): Promise<ProviderWorld>;
  /** Which payments the suite is to make; default: every type that the provider supports, refunds left out. */
  readonly types?: readonly PaymentType[];
  /** Milliseconds after which every payment of this operator is decided. */
  readonly decidedAfterMs: number;
}

/** Ends of an exchange as the bridge sees them. */
type Outcome = { readonly finding: Finding } | { readonly error: PaymentError };

const QUERY_TRIES = 12;
/** What an operator with books of its own does not know after so many questions never reached it. */
const NOT_FOUND_TRIES = 3;

/** Long enough on the busiest machine: only an operator that hangs is given up. */
const PATIENCE_MS = 20_000;
const HANG_PATIENCE_MS = 300;

const patienceWith = (fault: ProviderFault): CallOptions => ({
  timeoutMs: fault === 'hang' ? HANG_PATIENCE_MS : PATIENCE_MS,
});

/** What every provider promises, against an operator that keeps books. */
export function describeProvider(runner: SuiteRunner, name: string, harness: ProviderHarness): void {
  const test = (title: string, body: (world: ProviderWorld) => Promise<void>): void => {
    runner.it(title, async () => {
      const world = await harness.create();
      try {
        await body(world);
      } finally {
        await world.close();
      }
    });
  };
  const types = harness.types ?? (['collection'] as const);

  runner.describe(`${name} keeps the provider's contract`, () => {
    test('each route belongs to an operation that is supported, and has an id of its own', async ({ provider }) => {
      assert.ok(provider.routes.length > 0);
      assert.equal(new Set(provider.routes.map(({ id }) => id)).size, provider.routes.length);
      for (const route of provider.routes) {
        assert.equal(provider.capabilities[OPERATION_OF[route.type]], 'supported', route.id);
        assert.equal(route.provider, provider.name);
        if (route.resend !== undefined) {
          assert.ok(route.deduplicates, `${route.id} may be sent again, so a second request must be recognised`);
          assert.ok(route.resend.afterMs <= route.resend.untilMs, route.id);
        }
      }
    });

    test('what is not supported is refused in words, and nothing is sent', async (world) => {
      const { provider } = world;
      for (const [operation, support] of Object.entries(provider.capabilities)) {
        if (support === 'supported') continue;
        assert.ok(support.unsupported.length > 10, `${operation} says why`);
        await assert.rejects(
          callUnsupported(provider, operation as Operation, world.newRequest(types[0] ?? 'collection')),
          (error) => PaymentError.isInstance(error) && error.code === 'UNSUPPORTED' && error.moneyMoved === 'no',
        );
      }
    });

    test('what is prepared ahead of need can be prepared again', async ({ provider }) => {
      await provider.prepare?.({ timeoutMs: 1000 });
      await provider.prepare?.({ timeoutMs: 1000 });
    });

    for (const type of types) {
      const submit = async (
        world: ProviderWorld,
        request: SubmitRequest,
        options: CallOptions = { timeoutMs: PATIENCE_MS },
      ): Promise<Outcome> => outcomeOf(() => world.provider[OPERATION_OF[type]](request, options), world);

      test(`${type}: approved, it is found paid by query and callback, with one movement`, async (world) => {
        world.behave('approves');
        const request = world.newRequest(type);
        const sent = await submit(world, request);
        assert.ok('finding' in sent && ['pending', 'succeeded'].includes(sent.finding.status), inspect(sent));
        await world.pass(harness.decidedAfterMs);
        const found = await learn(world, request, sent);
        assert.equal(found.status, 'succeeded', inspect(found));
        assert.equal(world.movements(request), 1);
        if (world.provider.attemptNamedBy !== undefined) {
          for (const callback of world.callbacks(request)) {
            assert.equal(world.provider.attemptNamedBy(callback), request.reference, 'a shared address needs the name');
          }
        }
        const reports = world.callbacks(request).map((callback) => world.provider.readCallback(callback));
        for (const { finding, vouchers = {} } of reports) {
          assert.equal(finding.status, 'succeeded');
          for (const voucher of Object.keys(vouchers)) {
            assert.ok(
              !Object.hasOwn(finding.references ?? {}, voucher),
              `${voucher} vouches, so no callback may bring it`,
            );
          }
        }
      });

      for (const behaviour of ['declines', 'lacks-funds'] as const) {
        test(`${type}: when the other side ${behaviour}, it ends as failed with a reason, and nothing moved`, async (world) => {
          world.behave(behaviour);
          const request = world.newRequest(type);
          const sent = await submit(world, request);
          await world.pass(harness.decidedAfterMs);
          const found =
            'error' in sent && sent.error.code === 'REJECTED' ? undefined : await learn(world, request, sent);
          if (found !== undefined) assert.equal(found.status, 'failed', inspect(found));
          assert.equal(world.movements(request), 0);
        });
      }

      for (const stage of ['token', 'submit'] as const) {
        for (const fault of PROVIDER_FAULTS) {
          test(`${type}: ${fault} at ${stage}: says "no" only where nothing moved, and the truth is found`, async (world) => {
            world.behave('approves');
            if (!world.arm(stage, fault)) return;
            const request = world.newRequest(type);
            const sent = await submit(world, request, patienceWith(fault));
            await world.pass(harness.decidedAfterMs);
            const movements = world.movements(request);
            assert.ok(movements <= 1, `moved ${movements} times`);
            if (stage === 'token' && 'error' in sent) assert.equal(sent.error.moneyMoved, 'no', inspect(sent.error));
            if (saysNo(sent)) assert.equal(movements, 0, `it says no: ${inspect(sent)}`);
            // A request for a token that hangs is shared by all that follow, for longer than a test should wait.
            if (stage === 'token' && fault === 'hang') return;
            const found = await learn(world, request, sent);
            if (found.status === 'succeeded') assert.equal(movements, 1);
            if (found.status === 'failed') assert.equal(movements, 0, inspect(found));
          });
        }
      }

      for (const fault of PROVIDER_FAULTS) {
        test(`${type}: ${fault} at query: proves nothing, and the next query tells the truth`, async (world) => {
          world.behave('approves');
          const request = world.newRequest(type);
          const sent = await submit(world, request);
          await world.pass(harness.decidedAfterMs);
          if (!world.arm('query', fault)) return;
          const disturbed = await outcomeOf(
            () => world.provider.query(queryOf(request, sent), patienceWith(fault)),
            world,
          );
          assert.ok(!('finding' in disturbed) || disturbed.finding.status !== 'failed', inspect(disturbed));
          const found = await learn(world, request, sent);
          assert.equal(found.status, 'succeeded', inspect(found));
        });
      }
    }

    test('rubbish in a callback is refused or proves nothing', async ({ provider }) => {
      const bodies = [
        '',
        'null',
        '[]',
        '{}',
        '<html></html>',
        '{"Body":',
        '{"Body":{"stkCallback":null}}',
        '"paid"',
        '0',
      ];
      for (const body of bodies) {
        const callback = { method: 'POST', headers: {}, body };
        try {
          assert.equal(provider.attemptNamedBy?.(callback), undefined, `${body} names no attempt`);
          const { finding } = provider.readCallback(callback);
          assert.ok(finding.status === 'unknown' || finding.status === 'pending', `${body}: ${finding.status}`);
        } catch (error) {
          assert.ok(PaymentError.isInstance(error) && error.code === 'INVALID_CALLBACK', inspect(error));
        }
      }
    });
  });
}

/** Asks, as the bridge would: with every id that the reply or a callback brought, until it is decided. */
async function learn(world: ProviderWorld, request: SubmitRequest, sent: Outcome): Promise<Finding> {
  let last: Finding = 'finding' in sent ? sent.finding : { status: 'unknown' };
  if (last.status === 'succeeded' || last.status === 'failed') return last;
  let notFound = 0;
  for (let tries = 0; tries < QUERY_TRIES && notFound < NOT_FOUND_TRIES; tries++) {
    const asked = await outcomeOf(
      () => world.provider.query(queryOf(request, sent, world), { timeoutMs: PATIENCE_MS }),
      world,
    );
    if ('finding' in asked) last = asked.finding;
    if (last.status === 'succeeded' || last.status === 'failed') return last;
    notFound = last.status === 'not-found' ? notFound + 1 : 0;
    await world.pass(request.route.timing.queryEveryMs);
    const told = reportedBy(world, request);
    if (
      told !== undefined &&
      (told.status === 'succeeded' || told.status === 'failed') &&
      (last.status === 'pending' || last.status === 'unknown')
    )
      last = told;
  }
  return last;
}

const reportedBy = (world: ProviderWorld, request: SubmitRequest): Finding | undefined => {
  const callback = world.callbacks(request).at(-1);
  return callback === undefined ? undefined : world.provider.readCallback(callback).finding;
};

function queryOf(request: SubmitRequest, sent: Outcome, world?: ProviderWorld): QueryRequest {
  const told = world === undefined ? undefined : reportedBy(world, request)?.references;
  const { route, reference, money, msisdn, callbackUrl } = request;
  const references = { ...('finding' in sent ? sent.finding.references : {}), ...told };
  return { route, reference, references, money, msisdn, callbackUrl, sentAtMs: 0 };
}

const saysNo = (outcome: Outcome): boolean =>
  'error' in outcome ? outcome.error.moneyMoved === 'no' : outcome.finding.status === 'failed';

/** Runs one call; whatever it throws must be one of ours, and show nothing secret. */
async function outcomeOf(call: () => Promise<Finding>, { secrets }: ProviderWorld): Promise<Outcome> {
  let outcome: Outcome;
  try {
    outcome = { finding: await call() };
  } catch (error) {
    assert.ok(PaymentError.isInstance(error), `a foreign error escaped: ${inspect(error)}`);
    outcome = { error };
  }
  const shown =
    'error' in outcome ? inspect(outcome, { depth: 9 }) + JSON.stringify(outcome) : (outcome.finding.detail ?? '');
  for (const secret of secrets) assert.ok(!shown.includes(secret), 'a secret is shown');
  return outcome;
}

function callUnsupported(
  provider: MobileMoneyProvider,
  operation: Operation,
  request: SubmitRequest,
): Promise<unknown> {
  if (operation === 'query') return provider.query({ ...request, references: {}, sentAtMs: 0 });
  if (operation === 'balance') return provider.balance();
  if (operation === 'lookupAccount') return provider.lookupAccount(request.msisdn);
  return provider[operation](request);
}
