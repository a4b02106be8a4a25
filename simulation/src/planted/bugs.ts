/** A small mistake that somebody could make, put into a copy of the source that only one process sees. */
export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Below `packages/`. */
  readonly file: string;
  /** Stands in that file exactly once. */
  readonly find: string;
  readonly replace: string;
}

const DRIVER = 'mobile-money/src/bridge/driver.ts';
const LEARNING = 'mobile-money/src/bridge/payment-learning.ts';
const FINDING = 'mobile-money/src/bridge/learned-finding.ts';
const CALLBACKS = 'mobile-money/src/bridge/callback-learning.ts';
const ACCEPTANCE = 'mobile-money/src/bridge/acceptance.ts';
const RESEND = 'mobile-money/src/bridge/resend.ts';
const REFUND = 'mobile-money/src/bridge/refund-request.ts';
const LEDGER = 'mobile-money/src/bridge/payment-ledger.ts';
const RECONCILIATION = 'mobile-money/src/bridge/reconciliation.ts';
const SENDER = 'mobile-money/src/shared/authorised-sender.ts';
const ROUTER = 'mobile-money/src/routing/router.ts';
const PLAN = 'blockchain/src/settlement-plan.ts';
const OUTCOME = 'blockchain/src/settlement-outcome.ts';
const LAUNCHER = 'blockchain/src/service/launcher.ts';
const CARRIER = 'blockchain/src/service/carrier.ts';
const OFFERS = 'blockchain/src/service/offers.ts';
const BOOK = 'core/src/record-book.ts';
const JOURNAL = 'core/src/memory/journal.ts';
const PAYMENT = 'core/src/payment.ts';

const DOUBT = "if (known?.moneyMoved !== 'no' || isAgain) return";
const doubtedBut = (code: string): string =>
  `if ((known?.moneyMoved !== 'no' && known?.code !== '${code}') || isAgain) return`;

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({
  name,
  edits: [{ file, find, replace }],
});

/** How payments get made twice, forgotten, or told wrongly, elsewhere. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'a spend is sent again on a time-out',
    SENDER,
    'const response = await send(authorise(request, token), within());',
    'const response = await send(authorise(request, token), within()).catch(() => send(authorise(request, token), within()));',
  ),
  bug(
    'a spend is sent again after a 5xx',
    SENDER,
    'if (!isTokenRefusal(response)) return response;',
    'if (!isTokenRefusal(response) && response.status < 500) return response;',
  ),
  bug('fails over on a 5xx', LEARNING, DOUBT, doubtedBut('UNEXPECTED_RESPONSE')),
  bug('takes a lost connection for a payment that never left', LEARNING, DOUBT, doubtedBut('TRANSPORT')),
  bug(
    'takes a duplicate reference for a refusal',
    LEARNING,
    "if (known?.code === 'DUPLICATE_REFERENCE') {",
    "if (known?.code === 'DUPLICATE_REFERENCE') {\n    return disprove(record, attempt, 'request-refused', learned('no'), context);",
  ),
  bug(
    'sends again under a new reference',
    RESEND,
    'const again: Attempt = { ...attempt, ',
    "const again: Attempt = { ...attempt, reference: [...attempt.reference].toReversed().join(''), ",
  ),
  {
    name: 'sends a collection again under its reference, where the operator takes it twice',
    edits: [
      {
        file: RESEND,
        find: "if (resend === undefined || !deduplicates || record.status !== 'pending') return undefined;",
        replace:
          "resend ??= { afterMs: 60_000, untilMs: 900_000 };\n  if (record.status !== 'pending') return undefined;",
      },
      { file: RESEND, find: '(attempt.claims?.length ?? 0) > 0 ||\n    attempt.queries === 0', replace: 'false' },
    ],
  },
  {
    name: 'counts another send only after it was made',
    edits: [
      {
        file: DRIVER,
        find: 'const written = await write(`sending again over',
        replace: 'await this.send(begun);\n        const written = await write(`sending again over',
      },
      {
        file: DRIVER,
        find: 'if (written === begun && !router.mayHaveForgotten) await this.send(begun);',
        replace: 'void written;',
      },
    ],
  },
  bug(
    'believes a callback without asking',
    CALLBACKS,
    'if (vouched && report.answersQuery === true) return takeIn(',
    "if (finding.status === 'succeeded' || finding.status === 'failed') return takeIn(",
  ),
  bug(
    'believes a callback that carries an id of ours, without asking',
    CALLBACKS,
    'if (vouched && report.answersQuery === true) return takeIn(',
    "if (vouched && (finding.status === 'succeeded' || finding.status === 'failed')) return takeIn(",
  ),
  bug(
    'calls what it does not understand failed',
    FINDING,
    "    case 'pending':\n    case 'unknown':\n      return stillOpen(current, known, learned('maybe'), context);",
    "    case 'unknown':\n      return disprove(current, known, 'operator-refused', learned('no'), context);\n    case 'pending':\n      return stillOpen(current, known, learned('maybe'), context);",
  ),
  bug(
    'takes "not found" for proof before the operator has settled',
    FINDING,
    'proofAfterMs === null || ageMs < proofAfterMs)',
    'proofAfterMs === null || ageMs < 60_000)',
  ),
  bug(
    'takes "not found" for proof where the operator never proves anything by it',
    FINDING,
    '?.timing.notFoundIsProofAfterMs ?? null;',
    '?.timing.notFoundIsProofAfterMs ?? 120_000;',
  ),
  bug(
    'measures the age of a "not found" by a wall clock, which may leap',
    FINDING,
    'const ageMs = isOld ? byWallClockMs : Math.min(byWallClockMs, context.ageOf(known).sinceLastSendMs);',
    'const ageMs = isOld ? byWallClockMs : Math.max(byWallClockMs, context.ageOf(known).sinceLastSendMs);',
  ),
  bug(
    'goes on to another way after the payer has declined',
    FINDING,
    'const another = mayGoOn(record, reason) && ',
    'const another = ',
  ),
  bug(
    'sends before it has stored',
    ACCEPTANCE,
    'const inserted = await driver.store(',
    'if (!deferred) await driver.send(first);\n    const inserted = await driver.store(',
  ),
  bug(
    'sends although the journal did not confirm the attempt',
    DRIVER,
    'this.#disowned.set(begun.transactionId, begun);\n      throw error;',
    "return { outcome: 'written' } as T;",
  ),
  bug(
    'ignores that the same id came with another body',
    ACCEPTANCE,
    'if (stored.fingerprint !== fresh.fingerprint) throw',
    'if (stored.fingerprint === undefined) throw',
  ),
  bug(
    'takes a record that somebody else wrote for its own',
    BOOK,
    '!isDeepStrictEqual(result.entry.body, record)',
    'result.entry.version !== record.version',
  ),
  bug(
    'tells what it has not written yet',
    BOOK,
    'if (next === current) return current;',
    'if (next === current) return current;\n      this.#told(next, current);',
  ),
  {
    name: 'the journal reads, and then writes',
    edits: [
      {
        file: JOURNAL,
        find: 'replace: async (entry, note, options) => familyOf(entry.kind, options).replace(entry, note, options),',
        replace:
          'replace: async (entry, note, options) => {\n' +
          '      const family = familyOf(entry.kind, options);\n' +
          '      const before = family.read(entry.id);\n' +
          "      if (before?.version !== entry.version - 1) return { outcome: 'conflict', entry: before };\n" +
          '      for (let turn = 0; turn < 8; turn++) await undefined;\n' +
          '      return family.replace(entry, note, options);\n' +
          '    },',
      },
      {
        file: JOURNAL,
        find: "if (stored.entry.version !== entry.version - 1) return { outcome: 'conflict', entry: stored.entry };",
        replace: '',
      },
    ],
  },
  bug(
    'the journal does not look at the fence',
    JOURNAL,
    'if (options.fence !== undefined && options.fence !== stored.fence)',
    'if (options.fence !== undefined && stored.fence === 0)',
  ),
  bug('a lease is over at once', JOURNAL, 'untilMs: nowMs + leaseMs };', 'untilMs: nowMs };'),
  {
    name: 'a final state is written over',
    edits: [
      { file: PAYMENT, find: "if (isFinal(record.status)) return 'a final record never changes';", replace: '' },
      {
        file: CALLBACKS,
        find: '  if (attempt === undefined || isFinal(record.status)) return record;\n  const { finding } = report;',
        replace: '  if (attempt === undefined) return record;\n  const { finding } = report;',
      },
    ],
  },
  bug(
    'gives back more than was paid',
    REFUND,
    'if (money.amountMinor > leftMinor) {',
    'if (money.amountMinor > leftMinor + given) {',
  ),
  bug(
    'two refunds at a time do not know of each other',
    LEDGER,
    'if (original !== undefined) references.push(',
    'if (original?.slot === 0) references.push(',
  ),
  bug(
    'sends the amount in the wrong unit',
    'mobile-money/src/mtn-momo/payments/requests.ts',
    'amount: toOperatorAmount(request.money, decimals),',
    'amount: toOperatorAmount({ ...request.money, amountMinor: request.money.amountMinor * 100n }, decimals),',
  ),
  bug(
    'shows the whole number of the payer',
    PAYMENT,
    'phoneNumber: maskMsisdn(record.msisdn),',
    'phoneNumber: record.msisdn,',
  ),
  bug(
    'takes the answer to another question',
    'mobile-money/src/vodacom-mpesa/responses.ts',
    "return named !== '' && named !== ours;",
    'return ours === named && false;',
  ),
  bug(
    'does not notice a line that stands twice in the statement',
    RECONCILIATION,
    'if (seen.has(transactionId)) {',
    'if (seen.has(line.receipt)) {',
  ),
  bug(
    'does not compare amounts with the statement',
    RECONCILIATION,
    'if (!sameMoney(parseMoney(amount, record.currency), money)) {',
    'if (money.currency !== record.currency) {',
  ),
  bug(
    'goes on sending after a failover that may have lost the first send',
    ROUTER,
    'if (!this.mayHaveForgotten) return false;',
    'if (ways.length > 0) return false;',
  ),
  bug(
    'goes on over another way after a failover, because each of them takes a reference once',
    ROUTER,
    'return ways.length !== 1 || ways[0]?.deduplicates !== true;',
    'return ways.every(({ deduplicates }) => !deduplicates);',
  ),
  {
    name: 'believes a refusal after a failover that may have lost an acceptance',
    edits: [
      {
        file: DRIVER,
        find: 'this.#settings.router.mayHaveForgotten ? { sentAgain',
        replace: 'this.#settings.router.table === undefined ? { sentAgain',
      },
      {
        file: DRIVER,
        find: '(this.#settings.router.mayHaveForgotten && attempt.sentAgain === undefined)',
        replace: 'attempt.number === 0',
      },
    ],
  },
  bug(
    'takes its own clock for proof that a transaction has expired',
    PLAN,
    'return provenExpired(seen)\n    ? afterExpiry',
    'const isLate = seen.every(({ build }) => Number(build.validUntil) * 1000 <= context.nowMs);\n' +
      '  return provenExpired(seen) || isLate\n    ? afterExpiry',
  ),
  bug(
    'takes another number when a transaction is not seen at once',
    PLAN,
    "case undefined:\n      return { do: 'resubmit', build: last };",
    "case undefined:\n      return { do: 'end', status: 'dead', outcome: { died: 'expired' } };",
  ),
  bug(
    'takes absence from a node that is behind for proof of expiry',
    PLAN,
    'BigInt(sighting.ledger.position) >= latest);',
    'BigInt(sighting.ledger.position) + 40n >= latest);',
  ),
  bug(
    'submits a transaction before it has stored it',
    CARRIER,
    'const inserted = await books.transactions.insist(policy.insistForMs, () =>\n        books.transactions.insert(record, `stored to be sent',
    'await this.#settings.network.submit(signed).catch(() => undefined);\n' +
      '      const inserted = await books.transactions.insist(policy.insistForMs, () =>\n        books.transactions.insert(record, `stored to be sent',
  ),
  bug(
    'sends a settlement again that was left behind, beside the transaction that carries it',
    OUTCOME,
    "if (settlement.status === 'review') return lookedForAgain(settlement, attempt, context);",
    'return afterDeath(settlement, attempt, undefined, context);',
  ),
  {
    name: 'takes a transaction that is in a block for one that was carried out',
    edits: [
      {
        file: OUTCOME,
        find: 'return afterAbort(settlement, attempt, transaction, context);',
        replace: 'return afterCommit(settlement, attempt, transaction, context);',
      },
      { file: OUTCOME, find: 'return shown ? [proof] : undefined;', replace: 'return shown ? [proof] : [];' },
    ],
  },
  bug(
    'does not look at the limit of one settlement',
    'blockchain/src/service/acceptance.ts',
    'if (limit === undefined || parseUnits(amount',
    'if (limit === undefined || amount.length <= limit.length || parseUnits(amount',
  ),
  {
    name: 'sends what looks unsent, although a failover may have lost that it went',
    edits: [
      {
        file: LAUNCHER,
        find: "if (isSuspect()) return changeGroup(this.#settings, group, 'may have been sent', (latest) => latest);",
        replace: 'isSuspect();',
      },
      {
        file: OUTCOME,
        find: 'if (!isUnsent || isSettlementFinal(settlement.status)) return next;',
        replace: 'return next;',
      },
      { file: OFFERS, find: "if (isSuspect() && build.purpose === 'call') return record;", replace: 'isSuspect();' },
    ],
  },
  bug(
    'starts a payment from a menu under another id each time',
    'mobile-money/src/ussd/effects/payment-runner.ts',
    'return payments.initiateTransaction(intent.request);',
    'const transactionId = `${intent.request.transactionId}${clock.nowMs() % 7}`;\n' +
      '        return payments.initiateTransaction({ ...intent.request, transactionId });',
  ),
];
