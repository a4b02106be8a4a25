import { type Clock, type HttpRequest, type HttpResponse, InvalidRequestError } from '@canza/core';

import type { SendReport } from '../../callback-reports.ts';
import type { Deliveries } from '../../deliveries.ts';
import type { EventListener } from '../../events.ts';
import type { FaultPlan } from '../../faults.ts';
import type { Schedule } from '../../schedule.ts';
import { jsonReply } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import type { DarajaIdentifiers } from '../identifiers.ts';
import type { InitiatorOperation } from '../organisations.ts';
import type { DarajaShapes, DarajaTimings } from '../settings.ts';
import type { CheckInitiator } from './initiators.ts';
import type { InitiatorRequest } from './request.ts';
import { buildResult, type ResultItem, type Verdict } from './result.ts';

/** One request of an API user, from its acceptance to its result. */
export interface Conversation {
  readonly operation: InitiatorOperation;
  readonly conversationId: string;
  readonly originatorConversationId: string;
  readonly shortcode: string;
  readonly acceptedAtMs: number;
  /** As the transaction status names it. */
  readonly status: 'Initiated' | 'Completed' | 'Declined' | 'Expired';
  readonly verdict?: Verdict;
  readonly finishedAtMs?: number;
}

/** A result that a test has asked for in the place of the true one. */
export interface ForcedResult {
  /** Any code of a failure. */
  readonly code: string;
  readonly description?: string;
  /** How many times; once unless said otherwise. */
  readonly times?: number;
}

/** What is to be done in a conversation. */
interface Assignment {
  readonly operation: InitiatorOperation;
  readonly request: InitiatorRequest;
  /** The caller's id, where the API takes one. */
  readonly originatorConversationId?: string;
  /** Does it, once, and says how it went. */
  readonly execute: (conversation: Conversation) => Verdict;
  /** The parameters of a success under this receipt, with so many cents too many, for callbacks that lie. */
  readonly claim?: (receipt: string, surplusMinor: bigint) => readonly ResultItem[];
}

export interface Conversations {
  /** Acknowledges an assignment and carries it out later. */
  readonly accept: (assignment: Assignment, request: HttpRequest) => Promise<HttpResponse>;
  readonly force: (operation: InitiatorOperation, result: ForcedResult) => void;
  readonly findByOriginator: (originatorConversationId: string) => Conversation | undefined;
  /** Oldest first. */
  readonly all: readonly Conversation[];
}

export interface ConversationsOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly deliveries: Deliveries;
  readonly report: SendReport;
  readonly faults: FaultPlan;
  readonly identifiers: DarajaIdentifiers;
  readonly timings: DarajaTimings;
  readonly shapes: DarajaShapes;
  readonly check: CheckInitiator;
  readonly onEvent?: EventListener | undefined;
}

type OpenConversation = { -readonly [Key in keyof Conversation]: Conversation[Key] };

const DONE = 'The service request is processed successfully.';
const TIMED_OUT: Verdict = { code: '17', description: 'The request timed out in the queue.' };
/** What a lying callback says of a success. */
const LIE: Verdict = { code: '1', description: 'The balance is insufficient for the transaction.' };

/** The API users' requests: acknowledged at once, done a little later, reported to an address of the caller's. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { clock, schedule, deliveries, report, faults, identifiers, timings, shapes, check } = options;
  const all: OpenConversation[] = [];
  const byOriginator = new Map<string, OpenConversation>();
  const forced = new Map<InitiatorOperation, { readonly verdict: Verdict; remaining: number }[]>();

  const takeForced = (operation: InitiatorOperation): Verdict | undefined => {
    const queue = forced.get(operation);
    const entry = queue?.[0];
    if (entry === undefined) return undefined;
    entry.remaining -= 1;
    if (entry.remaining <= 0) queue?.shift();
    return entry.verdict;
  };

  const say = (conversation: Conversation, { request }: Assignment, verdict: Verdict, url: string): HttpRequest => {
    const nowMs = clock.nowMs();
    const { operation, conversationId, originatorConversationId } = conversation;
    const statement = {
      operation,
      verdict,
      conversationId,
      originatorConversationId:
        shapes.resultOriginator === 'acknowledged' ? originatorConversationId : identifiers.gatewayId(),
      spareReceipt: identifiers.receipt(nowMs),
      completedStamp: compactStamp(nowMs),
      timeoutUrl: request.timeoutUrl,
    };
    return buildResult(statement, url, shapes);
  };

  const finish = (conversation: OpenConversation, assignment: Assignment): Verdict => {
    const { operation, request } = assignment;
    const verdict = takeForced(operation) ?? check(operation, request) ?? assignment.execute(conversation);
    conversation.verdict = verdict;
    conversation.finishedAtMs = clock.nowMs();
    conversation.status = verdict.code === '0' ? 'Completed' : 'Declined';
    options.onEvent?.({
      atMs: clock.nowMs(),
      emulator: 'mpesa',
      what: 'result',
      detail: `${operation} ${verdict.code}`,
    });
    return verdict;
  };

  const process = async (
    conversation: OpenConversation,
    assignment: Assignment,
    request: HttpRequest,
    isAhead: boolean,
  ): Promise<void> => {
    const { operation } = assignment;
    const [expiry] = faults.takeForCallback(operation, request, ['queue-timeout', 'queue-timeout-executed']);
    if (expiry !== undefined) {
      if (expiry.kind === 'queue-timeout-executed') finish(conversation, assignment);
      else conversation.status = 'Expired';
      const notice = say(conversation, assignment, TIMED_OUT, assignment.request.timeoutUrl);
      deliveries.sendAfter(timings.callbackDelayMs, operation, notice);
      return;
    }
    const verdict = finish(conversation, assignment);
    const { resultUrl } = assignment.request;
    const opposite = (): HttpRequest =>
      verdict.code === '0'
        ? say(conversation, assignment, LIE, resultUrl)
        : say(conversation, assignment, claimed(assignment, identifiers.receipt(clock.nowMs())), resultUrl);
    await report({
      operation,
      request,
      dueMs: timings.callbackDelayMs,
      isAhead,
      truth: (isAmountWrong) =>
        isAmountWrong && verdict.receipt !== undefined
          ? say(conversation, assignment, claimed(assignment, verdict.receipt, 100n), resultUrl)
          : say(conversation, assignment, verdict, resultUrl),
      ...(assignment.claim === undefined ? {} : { opposite }),
    });
  };

  return {
    all,
    findByOriginator: (id) => byOriginator.get(id),
    force(operation, { code, description = `Result ${code}`, times = 1 }) {
      if (/^0+$/.test(code)) {
        throw new InvalidRequestError({ field: 'code', expected: 'the code of a failure: success has to be earned' });
      }
      const queue = forced.get(operation) ?? [];
      queue.push({ verdict: { code, description }, remaining: times });
      forced.set(operation, queue);
    },
    async accept(assignment, request) {
      const nowMs = clock.nowMs();
      const { operation } = assignment;
      const conversation: OpenConversation = {
        operation,
        conversationId: identifiers.conversationId(nowMs),
        originatorConversationId: assignment.originatorConversationId ?? identifiers.gatewayId(),
        shortcode: assignment.request.shortcode,
        acceptedAtMs: nowMs,
        status: 'Initiated',
      };
      all.push(conversation);
      byOriginator.set(conversation.originatorConversationId, conversation);
      const early = faults.takeForCallback(operation, request, ['before-reply', 'forged']);
      const forgery = early.find(({ kind }) => kind === 'forged');
      if (forgery !== undefined && assignment.claim !== undefined) {
        const lie = claimed(assignment, identifiers.receipt(nowMs));
        const forged = say(conversation, assignment, lie, assignment.request.resultUrl);
        deliveries.sendAfter(forgery.delayMs ?? 0, operation, forged);
      }
      if (early.some(({ kind }) => kind === 'before-reply')) await process(conversation, assignment, request, true);
      else schedule.after(timings.processingMs, () => process(conversation, assignment, request, false));
      return jsonReply(200, {
        ConversationID: conversation.conversationId,
        OriginatorConversationID: conversation.originatorConversationId,
        ResponseCode: '0',
        ResponseDescription: 'Accept the service request successfully.',
      });
    },
  };
}

/** A success that did not happen, or not with these figures. */
const claimed = ({ claim }: Assignment, receipt: string, surplusMinor = 0n): Verdict => ({
  code: '0',
  description: DONE,
  receipt,
  ...(claim === undefined ? {} : { parameters: claim(receipt, surplusMinor) }),
});
