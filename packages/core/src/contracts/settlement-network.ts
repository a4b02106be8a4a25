import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { PaymentError } from '../errors/base.ts';
import type {
  LedgerView,
  NetworkCall,
  SettlementNetwork,
  Sighting,
  SignedTransaction,
  SubmitAnswer,
} from '../settlement-network.ts';
import type { SuiteRunner } from './runner.ts';

/** What goes wrong, once, with the next exchange. */
export type NetworkFault =
  | 'reply-lost'
  | 'request-lost'
  | 'html-before'
  | 'html-after'
  | 'busy'
  | 'dropped'
  | 'lagging';

/** The call of a network at which a fault strikes. */
export type NetworkStage = 'nextSlot' | 'submit' | 'look' | 'ledger';

const SUBMIT_FAULTS: readonly NetworkFault[] = [
  'reply-lost',
  'request-lost',
  'html-before',
  'html-after',
  'busy',
  'dropped',
];

/** A network on a ledger with books of its own. Its senders hold plenty of the first asset, and of what fees are paid in. */
export interface NetworkWorld {
  readonly network: SettlementNetwork;
  /** An address that was never used; `refusing` for one whose transfers abort. */
  newRecipient(refusing?: boolean): Promise<string>;
  /** What an account holds of the first asset, by the ledger's own books. */
  holdings(owner: string): Promise<bigint>;
  /** Keeps transactions out of blocks until it is called with `false`; the ledger's time goes on. */
  hold(held?: boolean): void;
  /** Lets that much time pass on the ledger. */
  pass(durationMs: number): Promise<void>;
  /** Uses the next slot of the sender with other software; left out where nobody else can have the key. */
  useElsewhere?(sender: string): Promise<void>;
  /** Arms one fault; `false` where the stage cannot show it. */
  arm(stage: NetworkStage, fault: NetworkFault): boolean;
  /** Texts that must never be seen: private keys. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** How the suite makes networks, and what to expect of them. */
export interface NetworkHarness {
  create(): Promise<NetworkWorld>;
  /** Milliseconds of ledger time after which a submitted transaction is final, or never will be. */
  readonly decidedAfterMs: number;
  /** Milliseconds of ledger time after which every transaction has expired; `null` where none does. */
  readonly expiredAfterMs: number | null;
}

const CALL: { timeoutMs: number } = { timeoutMs: 5000 };

/** What every settlement network promises, against a ledger that keeps books. */
export function describeSettlementNetwork(runner: SuiteRunner, name: string, harness: NetworkHarness): void {
  const test = (title: string, body: (world: Bench) => Promise<void>): void => {
    runner.it(title, async () => {
      const world = await harness.create();
      try {
        await body(new Bench(world));
      } finally {
        await world.close();
      }
    });
  };
  const decided = harness.decidedAfterMs;

  runner.describe(`${name} keeps the settlement network's contract`, () => {
    test('it says what it can: senders, assets and addresses are in canonical form', async ({ network }) => {
      assert.ok(network.senders.length > 0 && network.assets.length > 0);
      for (const address of network.senders) assert.equal(network.parseAddress(address), address);
      const currencies = network.assets.map(({ currency }) => currency);
      assert.equal(new Set(currencies).size, currencies.length);
      assert.ok(network.rules.maxBatchSize >= 1 && network.rules.maxPendingPerSender >= 1);
      for (const [operation, support] of Object.entries(network.capabilities)) {
        if (support !== 'supported') assert.ok(support.unsupported.length > 10, `${operation} says why`);
      }
      await network.check(CALL);
    });

    test('what is no address is refused, by the name of the field', async ({ network }) => {
      for (const rubbish of ['', ' ', 'nobody!', 7, null, undefined, {}]) {
        assert.throws(
          () => network.parseAddress(rubbish, 'toAddress'),
          (error) =>
            PaymentError.isInstance(error) && error.code === 'INVALID_REQUEST' && /toAddress/.test(error.message),
        );
      }
    });

    test('a transfer arrives whole, with a proof, and costs a fee', async (bench) => {
      const to = await bench.recipient();
      const built = await bench.build(bench.pay([[to, 1_234_567n]]));
      assert.equal((await bench.submit(built)).status, 'accepted');
      const [seen] = await bench.lookAfter(decided, [built]);
      assert.ok(seen?.status === 'committed' && seen.final, inspect(seen));
      assert.deepEqual([seen.proofs[0]?.amount, seen.proofs[0]?.asset], ['1234567', bench.asset]);
      assert.ok(seen.feePaid > 0n && seen.atMs > 0);
      assert.equal(await bench.holdings(to), 1_234_567n);
      assert.equal(await bench.network.balance(to, bench.asset, CALL), 1_234_567n);
    });

    test('an amount beyond what a number can hold is neither rounded nor cut', async (bench) => {
      const to = await bench.recipient();
      const amount = 9_007_199_254_740_993n;
      await bench.commit(bench.pay([[to, amount]]), decided);
      assert.equal(await bench.network.balance(to, bench.asset, CALL), amount);
    });

    test('what was built is known by its hash before it is sent, and survives JSON', async (bench) => {
      const to = await bench.recipient();
      const built = await bench.build(bench.pay([[to, 5n]]));
      const [before] = (await bench.look([built])).sightings;
      assert.equal(before?.status, 'absent', inspect(before));
      if (built.validUntil !== null) assert.ok(BigInt(built.validUntil) > BigInt(before.ledger.position));
      await bench.submit(JSON.parse(JSON.stringify(built)) as SignedTransaction);
      const [after] = await bench.lookAfter(decided, [built]);
      assert.equal(after?.status, 'committed');
    });

    test('the same bytes may be handed over again, before and after the commit: they pay once', async (bench) => {
      const to = await bench.recipient();
      bench.world.hold();
      const built = await bench.build(bench.pay([[to, 5n]]));
      assert.equal((await bench.submit(built)).status, 'accepted');
      assert.equal((await bench.submit(built)).status, 'accepted');
      bench.world.hold(false);
      await bench.world.pass(decided);
      assert.ok(['known', 'accepted'].includes((await bench.submit(built)).status));
      await bench.world.pass(decided);
      assert.equal(await bench.holdings(to), 5n);
    });

    for (const fault of SUBMIT_FAULTS) {
      test(`${fault} at submit: never called a refusal, and the truth is found by sending the same bytes`, async (bench) => {
        const to = await bench.recipient();
        const built = await bench.build(bench.pay([[to, 5n]]));
        if (!bench.world.arm('submit', fault)) return;
        const first = await bench.submit(built);
        assert.notEqual(first.status, 'refused', inspect(first));
        if (fault !== 'dropped') assert.notEqual(first.status, 'accepted', inspect(first));
        await bench.world.pass(decided);
        await bench.submit(built);
        const [seen] = await bench.lookAfter(decided, [built]);
        assert.equal(seen?.status, 'committed', inspect(seen));
        assert.equal(await bench.holdings(to), 5n);
      });
    }

    test('a batch pays everybody, also one that is named twice, with a proof for each', async (bench) => {
      if (bench.network.capabilities.batch !== 'supported') return;
      const [one, two] = [await bench.recipient(), await bench.recipient()];
      const built = await bench.build(
        bench.pay([
          [one, 1n],
          [two, 2n],
          [one, 1n],
        ]),
      );
      await bench.submit(built);
      const [seen] = await bench.lookAfter(decided, [built]);
      assert.ok(seen?.status === 'committed', inspect(seen));
      assert.deepEqual(
        seen.proofs.map((proof) => proof?.amount),
        ['1', '2', '1'],
      );
      assert.equal(new Set(seen.proofs.map((proof) => proof?.event)).size, 3, 'no event proves two transfers');
      assert.deepEqual([await bench.holdings(one), await bench.holdings(two)], [2n, 2n]);
    });

    test('a batch with one who is refused comes to nothing, costs a fee and uses its slot up', async (bench) => {
      const [good, bad] = [await bench.recipient(), await bench.world.newRecipient(true)];
      const transfers =
        bench.network.capabilities.batch === 'supported'
          ? ([
              [good, 5n],
              [bad, 5n],
            ] as const)
          : ([[bad, 5n]] as const);
      const call = bench.pay(transfers);
      const estimate = await bench.network.estimate({ sender: bench.sender, call }, CALL);
      assert.ok(estimate.status === 'would-abort' && estimate.reason === 'recipient-refused', inspect(estimate));
      const built = await bench.build(call, { feeOf: bench.pay(transfers.map(() => [good, 5n] as const)) });
      await bench.submit(built);
      const [seen] = await bench.lookAfter(decided, [built]);
      assert.ok(seen?.status === 'aborted', inspect(seen));
      assert.equal(seen.abort.reason, 'recipient-refused');
      assert.ok(seen.feePaid > 0n);
      assert.equal(await bench.holdings(good), 0n);
      if (bench.network.rules.slotOrder === 'ordered') {
        const next = await bench.nextSlot();
        assert.equal(BigInt(next), BigInt(built.slot) + 1n);
      }
    });

    test('two transactions in one slot: at most one happens', async (bench) => {
      const [one, two] = [await bench.recipient(), await bench.recipient()];
      const slot = await bench.nextSlot();
      const builds = [
        await bench.build(bench.pay([[one, 5n]]), { slot }),
        await bench.build(bench.pay([[two, 5n]]), { slot }),
      ];
      for (const built of builds) await bench.submit(built);
      const seen = await bench.lookAfter(decided, builds);
      assert.equal(seen.filter(({ status }) => status === 'committed').length, 1);
      assert.equal((await bench.holdings(one)) + (await bench.holdings(two)), 5n);
    });

    test('while it pends it is seen to pend; absent, past its end, it can never happen again', async (bench) => {
      if (harness.expiredAfterMs === null) return;
      const to = await bench.recipient();
      bench.world.hold();
      const built = await bench.build(bench.pay([[to, 5n]]));
      await bench.submit(built);
      assert.equal((await bench.look([built])).sightings[0]?.status, 'pending');
      await bench.world.pass(harness.expiredAfterMs);
      bench.world.hold(false);
      const [seen] = await bench.lookAfter(decided, [built]);
      assert.ok(seen?.status === 'absent', inspect(seen));
      assert.ok(BigInt(seen.ledger.position) >= BigInt(built.validUntil ?? 'never'));
      assert.ok(BigInt(seen.ledger.oldestVersion) <= BigInt(built.bornAtVersion));
      const again = await bench.submit(built);
      assert.ok(again.status === 'refused' && again.reason === 'expired', inspect(again));
      await bench.world.pass(decided);
      assert.equal(await bench.holdings(to), 0n);
    });

    test('a replica that lags says in the same answer how far it is', async (bench) => {
      const to = await bench.recipient();
      const built = await bench.build(bench.pay([[to, 5n]]));
      await bench.submit(built);
      const [committed] = await bench.lookAfter(decided, [built]);
      assert.ok(committed?.status === 'committed');
      if (!bench.world.arm('look', 'lagging')) return;
      const [seen] = (await bench.look([built])).sightings;
      assert.equal(seen?.status, 'absent', inspect(seen));
      assert.ok(BigInt(seen.ledger.version) < BigInt(committed.version));
      assert.ok(built.validUntil === null || BigInt(seen.ledger.position) < BigInt(built.validUntil));
    });

    test('a higher price takes the place of the lower, and one of the two happens', async (bench) => {
      if (bench.network.capabilities.bump !== 'supported') return;
      const to = await bench.recipient();
      bench.world.hold();
      const call = bench.pay([[to, 5n]]);
      const first = await bench.build(call);
      await bench.submit(first);
      const fee = bench.network.raiseFee(first.fee);
      assert.ok(fee !== undefined && BigInt(fee.unitPrice) > BigInt(first.fee.unitPrice));
      const second = await bench.build(call, { slot: first.slot, fee, replaces: first });
      assert.notEqual(second.hash, first.hash);
      assert.equal(second.validUntil, first.validUntil);
      assert.equal((await bench.submit(second)).status, 'accepted');
      bench.world.hold(false);
      const seen = await bench.lookAfter(decided, [first, second]);
      assert.deepEqual(
        seen.map(({ status }) => status),
        ['absent', 'committed'],
      );
      assert.equal(await bench.holdings(to), 5n);
    });

    test('a void uses the slot up and moves nothing', async (bench) => {
      if (bench.network.capabilities.void !== 'supported') return;
      const held = await bench.holdings(bench.sender);
      const built = await bench.build({ kind: 'void' });
      await bench.submit(built);
      const [seen] = await bench.lookAfter(decided, [built]);
      assert.equal(seen?.status, 'committed', inspect(seen));
      assert.ok(bench.asset === bench.network.feeAsset.id || (await bench.holdings(bench.sender)) === held);
    });

    test('a slot that somebody else has used is seen to be used, by another hash', async (bench) => {
      const elsewhere = bench.world.useElsewhere?.bind(bench.world);
      if (elsewhere === undefined || bench.network.rules.slotGuards !== 'for-ever') return;
      const to = await bench.recipient();
      const built = await bench.build(bench.pay([[to, 5n]]));
      await elsewhere(bench.sender);
      await bench.world.pass(decided);
      const answer = await bench.submit(built);
      assert.equal(answer.status, 'known', inspect(answer));
      const { slot, sightings } = await bench.look([built]);
      assert.equal(sightings[0]?.status, 'absent');
      assert.ok(slot?.status === 'used' && slot.by !== built.hash, inspect(slot));
      assert.equal(await bench.holdings(to), 0n);
    });

    test('a slot is never guessed, and what could not be asked is not known', async (bench) => {
      for (const fault of ['request-lost', 'reply-lost', 'html-before'] as const) {
        if (bench.network.rules.slotOrder === 'ordered' && bench.world.arm('nextSlot', fault)) {
          await bench.mustThrow(() => bench.nextSlot());
        }
        const built = await bench.build(bench.pay([[await bench.recipient(), 5n]]));
        if (bench.world.arm('look', fault)) await bench.mustThrow(() => bench.look([built]));
      }
    });

    test('what it cannot do it refuses in words', async (bench) => {
      if (bench.network.capabilities.void === 'supported') return;
      await bench.mustThrow(() => bench.build({ kind: 'void' }, { feeOf: bench.pay([[bench.sender, 1n]]) }));
    });
  });
}

/** What the tests do with a network, over and over. */
class Bench {
  readonly world: NetworkWorld;
  readonly #calls = new Map<string, NetworkCall>();
  #references = 0;

  constructor(world: NetworkWorld) {
    this.world = world;
  }

  get network(): SettlementNetwork {
    return this.world.network;
  }

  get sender(): string {
    return this.network.senders[0] ?? '';
  }

  get asset(): string {
    return this.network.assets[0]?.id ?? '';
  }

  recipient(): Promise<string> {
    return this.world.newRecipient();
  }

  holdings(owner: string): Promise<bigint> {
    return this.world.holdings(owner);
  }

  pay(transfers: readonly (readonly [to: string, amount: bigint])[]): NetworkCall {
    return { kind: 'transfers', asset: this.asset, transfers: transfers.map(([to, amount]) => ({ to, amount })) };
  }

  nextSlot(): Promise<string> {
    return this.network.nextSlot({ sender: this.sender, reference: `contract-${++this.#references}` }, CALL);
  }

  async build(
    call: NetworkCall,
    given: { slot?: string; fee?: SignedTransaction['fee']; replaces?: SignedTransaction; feeOf?: NetworkCall } = {},
  ): Promise<SignedTransaction> {
    const { sender, network } = this;
    const slot = given.slot ?? (await this.nextSlot());
    let fee = given.fee;
    if (fee === undefined) {
      const estimate = await network.estimate({ sender, call: given.feeOf ?? call }, CALL);
      assert.ok(estimate.status === 'would-commit', inspect(estimate));
      fee = estimate.fee;
    }
    const ledger = await network.ledger(CALL);
    const { replaces } = given;
    const request = { sender, slot, call, fee, ledger, ...(replaces === undefined ? {} : { replaces }) };
    const built = await network.build(request, CALL);
    this.#showsNoSecret(built);
    assert.deepEqual([built.sender, built.slot], [sender, slot]);
    this.#calls.set(built.hash, call);
    return built;
  }

  /** As the service takes it: what is thrown says as little as `unknown`. */
  async submit(transaction: SignedTransaction): Promise<SubmitAnswer> {
    try {
      return await this.network.submit(transaction, CALL);
    } catch (error) {
      assert.ok(PaymentError.isInstance(error), `a foreign error escaped: ${inspect(error)}`);
      this.#showsNoSecret(error);
      return { status: 'unknown', code: error.code, detail: error.message };
    }
  }

  async look(builds: readonly SignedTransaction[]): Promise<LedgerView> {
    const [first] = builds;
    const call = this.#calls.get(first?.hash ?? '');
    assert.ok(first !== undefined && call !== undefined);
    const hashes = builds.map(({ hash }) => hash);
    return this.network.look({ sender: first.sender, slot: first.slot, call, hashes }, CALL);
  }

  async lookAfter(durationMs: number, builds: readonly SignedTransaction[]): Promise<readonly Sighting[]> {
    await this.world.pass(durationMs);
    const { sightings } = await this.look(builds);
    assert.deepEqual(
      sightings.map(({ hash }) => hash),
      builds.map(({ hash }) => hash),
    );
    return sightings;
  }

  async commit(call: NetworkCall, decidedAfterMs: number): Promise<void> {
    const built = await this.build(call);
    await this.submit(built);
    const [seen] = await this.lookAfter(decidedAfterMs, [built]);
    assert.equal(seen?.status, 'committed', inspect(seen));
  }

  async mustThrow(work: () => Promise<unknown>): Promise<void> {
    await assert.rejects(work, (error) => {
      this.#showsNoSecret(error);
      return PaymentError.isInstance(error);
    });
  }

  #showsNoSecret(shown: unknown): void {
    const text = inspect(shown, { depth: 9 }) + JSON.stringify(shown);
    for (const secret of this.world.secrets) assert.ok(!text.includes(secret), 'a secret is shown');
  }
}
