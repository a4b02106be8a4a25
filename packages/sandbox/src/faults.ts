import { type HttpRequest, InvalidRequestError, type Random } from '@canza/core';

/** Where in the life of a payment a request belongs. */
export const REQUEST_STAGES = ['setup', 'token', 'submit', 'query'] as const;

/** The part of an operator's API at which a request arrives. */
export type RequestStage = (typeof REQUEST_STAGES)[number];

/** Every place where a fault can strike: requests, the operator's callbacks, the chain behind a node. */
export const FAULT_STAGES: readonly Fault['stage'][] = [...REQUEST_STAGES, 'callback', 'chain'];

/**
 * What can go wrong with a request, and whether the operator has then accepted it: `never`, `always`, or as the fault's
 * `accepted` says, with the default given here.
 */
const ACCEPTANCE = {
  /** The connection breaks before anything was taken in. */
  'request-lost': 'never',
  /** Accepted, and then the connection breaks. */
  'reply-lost': 'always',
  /** The operator's own 400. */
  'client-error': 'never',
  /** The operator's own 500, in front of the payment system or behind it. */
  'server-error': false,
  /** The 403 page of the operator's firewall. */
  html: false,
  /** Accepted; the JSON of the reply ends half-way. */
  'cut-json': 'always',
  /** Accepted; the reply is 200 with nothing in it. */
  empty: 'always',
  /** The reply comes late; with `accepted: false` the request is taken in only after the delay. */
  slow: true,
  /** No reply, and the connection stays open. */
  hang: true,
  /** 429: too many calls. */
  throttled: 'never',
  /** The token presented is struck off and refused as expired. */
  'token-expired': 'never',
  /** The token presented is struck off and refused in the operator's second spelling, where it has one. */
  'token-revoked': 'never',
} as const satisfies Readonly<Record<string, 'never' | 'always' | boolean>>;

/** What can go wrong with a request. */
export type RequestFaultKind = keyof typeof ACCEPTANCE;

/** Everything that can go wrong with a request. */
export const REQUEST_FAULT_KINDS = Object.keys(ACCEPTANCE) as readonly RequestFaultKind[];

/** What can go wrong with a callback. */
export const CALLBACK_FAULT_KINDS = [
  /** Comes `delayMs` (default five minutes) after its time. */
  'late',
  /** Comes twice, `delayMs` (default one second) apart. */
  'doubled',
  /** Never comes. */
  'missing',
  /** Comes before the reply to the request that began the payment. */
  'before-reply',
  /** The true one, and `delayMs` later one that says the opposite. */
  'contradicting',
  /** One that says the opposite, and `delayMs` later the true one. */
  'contradicting-first',
  /** Somebody else claims success, before the payer has decided. The true one follows at its time. */
  'forged',
  /** Names another amount than the one that moved. */
  'wrong-amount',
  /** The request expires in the operator's queue: nothing is done, and another address of the caller's is told. */
  'queue-timeout',
  /** The same address is told, and the request was carried out all the same. */
  'queue-timeout-executed',
  /** One more comes before the end, and says that the payment is in process. */
  'intermediate',
  /** Comes without the signature that this operator puts on it. */
  'unsigned',
  /** Comes with a signature that does not fit. */
  'wrong-signature',
] as const;

/** One of {@link CALLBACK_FAULT_KINDS}. */
export type CallbackFaultKind = (typeof CALLBACK_FAULT_KINDS)[number];

/** What can go wrong behind a node that answers as if nothing had: in its mempool, or between the nodes of a chain. */
export const CHAIN_FAULT_KINDS = [
  /** The answer comes from a node that is `delayMs` (default five seconds) behind. */
  'lagging-node',
  /** Taken in, and gone: no block will ever have it. */
  'dropped',
  /** Taken in, and kept out of every block for `delayMs`, or until it expires. */
  'held',
  /** The mempool takes nothing. */
  'mempool-full',
  /** Commits, aborted by its own code: nothing moves, and the fee is paid. */
  'aborted',
  /** Commits, out of gas: nothing moves, and the whole of the greatest fee is paid. */
  'out-of-gas',
  /** What was asked for is older than what the node keeps. */
  'pruned',
  /** For `delayMs` (default ten seconds) blocks take ten times the price, and transactions below it wait. */
  'gas-spike',
  /** For `delayMs` (default ten seconds) no block is made: ledger time stands still. */
  'ledger-stopped',
] as const;

/** One of {@link CHAIN_FAULT_KINDS}. */
export type ChainFaultKind = (typeof CHAIN_FAULT_KINDS)[number];

interface FaultScope {
  /** One operation only, such as `stk-push`; all of the stage when left out. */
  readonly operation?: string;
  /** How many times: 1 unless said otherwise, `Infinity` for good. */
  readonly times?: number;
  /** Milliseconds, for the kinds that wait. */
  readonly delayMs?: number;
  /** Narrows the fault to some requests; for a callback, the request that began the payment. */
  readonly match?: (request: HttpRequest) => boolean;
}

/** Something that goes wrong with a request. */
export interface RequestFault extends FaultScope {
  readonly stage: RequestStage;
  readonly kind: RequestFaultKind;
  /** Whether the operator has accepted the request all the same, for the kinds that leave it open. */
  readonly accepted?: boolean;
}

/** Something that goes wrong with a callback. */
export interface CallbackFault extends FaultScope {
  readonly stage: 'callback';
  readonly kind: CallbackFaultKind;
}

/** Something that goes wrong behind a node. */
export interface ChainFault extends FaultScope {
  readonly stage: 'chain';
  readonly kind: ChainFaultKind;
}

/** Something that goes wrong on purpose. */
export type Fault = RequestFault | CallbackFault | ChainFault;

/** Faults that are left to chance: each request or callback of a candidate's stage is hit with this probability. */
export interface DrawnFaults {
  readonly random: Random;
  /** Between 0 and 1. */
  readonly share: number;
  readonly candidates: readonly Fault[];
}

/** A fault of the plan and how often it will still strike. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly remaining: number;
}

/** The faults an emulator is to commit: on demand, in the order given, or drawn from a seed. */
export interface FaultPlan {
  /**
   * Adds faults; returns a function that takes back what of them has not struck.
   * @throws InvalidRequestError for a stage, kind, count or acceptance that does not exist.
   */
  add(...faults: readonly Fault[]): () => void;
  /** Leaves faults to chance from now on, until the returned function is called. */
  draw(drawn: DrawnFaults): () => void;
  /** Takes back everything, what is drawn included. */
  clear(): void;
  /** What has not struck yet. */
  list(): readonly PlannedFault[];
  /** What has struck so far, oldest first. */
  readonly struck: readonly Fault[];
  /** Uses up and returns the fault that hits this request. */
  takeForRequest(stage: RequestStage, operation: string, request: HttpRequest): RequestFault | undefined;
  /** Uses up and returns the faults of these kinds that hit a callback; at most one of a kind. */
  takeForCallback(
    operation: string,
    request: HttpRequest,
    kinds: readonly CallbackFaultKind[],
  ): readonly CallbackFault[];
  /** Uses up and returns the fault of these kinds that strikes behind the node, at this request. */
  takeForChain(operation: string, request: HttpRequest, kinds: readonly ChainFaultKind[]): ChainFault | undefined;
}

/** Whether the operator has taken the request in when this fault strikes. */
export function isAccepted({ kind, accepted }: RequestFault): boolean {
  const rule = ACCEPTANCE[kind];
  if (typeof rule === 'string') return rule === 'always';
  return accepted ?? rule;
}

/** A plan of faults, to be added to while an emulator runs. */
export function createFaultPlan(...initial: readonly Fault[]): FaultPlan {
  let planned: { readonly fault: Fault; remaining: number }[] = [];
  const drawn = new Set<DrawnFaults>();
  const struck: Fault[] = [];

  const take = (suits: (fault: Fault) => boolean): Fault | undefined => {
    const index = planned.findIndex(({ fault }) => suits(fault));
    const entry = planned[index];
    if (entry === undefined) return undefined;
    entry.remaining -= 1;
    if (entry.remaining <= 0) planned.splice(index, 1);
    struck.push(entry.fault);
    return entry.fault;
  };
  const drawOne = (suits: (fault: Fault) => boolean): Fault | undefined => {
    for (const { random, share, candidates } of drawn) {
      const suiting = candidates.filter(suits);
      if (suiting.length === 0 || random.float() >= share) continue;
      const fault = suiting[Math.floor(random.float() * suiting.length)];
      if (fault !== undefined) struck.push(fault);
      return fault;
    }
    return undefined;
  };
  const add = (...faults: readonly Fault[]): (() => void) => {
    const entries = faults.map((fault) => ({ fault: checkFault(fault), remaining: fault.times ?? 1 }));
    planned.push(...entries);
    return () => {
      planned = planned.filter((entry) => !entries.includes(entry));
    };
  };
  add(...initial);

  return {
    add,
    draw(faults) {
      for (const fault of faults.candidates) checkFault(fault);
      drawn.add(faults);
      return () => void drawn.delete(faults);
    },
    clear() {
      planned = [];
      drawn.clear();
    },
    list: () => planned.map(({ fault, remaining }) => ({ fault, remaining })),
    struck,
    takeForRequest(stage, operation, request) {
      const suits = (fault: Fault): boolean => fault.stage === stage && isMeant(fault, operation, request);
      return (take(suits) ?? drawOne(suits)) as RequestFault | undefined;
    },
    takeForCallback(operation, request, kinds) {
      const faults: CallbackFault[] = [];
      for (const kind of kinds) {
        const suits = (fault: Fault): boolean =>
          fault.stage === 'callback' && fault.kind === kind && isMeant(fault, operation, request);
        const fault = take(suits);
        if (fault !== undefined) faults.push(fault as CallbackFault);
      }
      if (faults.length > 0) return faults;
      const chance = drawOne(
        (fault) => fault.stage === 'callback' && kinds.includes(fault.kind) && isMeant(fault, operation, request),
      );
      return chance === undefined ? [] : [chance as CallbackFault];
    },
    takeForChain(operation, request, kinds) {
      if (planned.length === 0 && drawn.size === 0) return undefined;
      const suits = (fault: Fault): boolean =>
        fault.stage === 'chain' && kinds.includes(fault.kind) && isMeant(fault, operation, request);
      return (take(suits) ?? drawOne(suits)) as ChainFault | undefined;
    },
  };
}

const isMeant = (fault: Fault, operation: string, request: HttpRequest): boolean =>
  (fault.operation === undefined || fault.operation === operation) && (fault.match?.(request) ?? true);

function checkFault(fault: Fault): Fault {
  if (!FAULT_STAGES.includes(fault.stage)) throw refused('stage', `one of ${FAULT_STAGES.join(', ')}`);
  const kinds: readonly string[] =
    fault.stage === 'callback'
      ? CALLBACK_FAULT_KINDS
      : fault.stage === 'chain'
        ? CHAIN_FAULT_KINDS
        : REQUEST_FAULT_KINDS;
  if (!kinds.includes(fault.kind)) throw refused('kind', `one of ${kinds.join(', ')}`);
  const { times = 1, delayMs = 0 } = fault;
  if (!(times === Infinity || (Number.isInteger(times) && times > 0))) {
    throw refused('times', 'a whole number from 1, or Infinity');
  }
  if (!(Number.isFinite(delayMs) && delayMs >= 0)) throw refused('delayMs', 'milliseconds, 0 or more');
  if (fault.stage !== 'callback' && fault.stage !== 'chain' && fault.accepted !== undefined) {
    const rule = ACCEPTANCE[fault.kind];
    if (rule === 'never' && fault.accepted) throw refused('accepted', `none: "${fault.kind}" is never accepted`);
    if (rule === 'always' && !fault.accepted) throw refused('accepted', `none: "${fault.kind}" is always accepted`);
  }
  return fault;
}

const refused = (field: string, expected: string): InvalidRequestError =>
  new InvalidRequestError({ field: `fault.${field}`, expected });
