import type { CancelTimer, Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { SendReport } from '../callback-reports.ts';
import type { HandsetBehaviour, Handsets } from '../handset.ts';
import type { Schedule } from '../schedule.ts';
import { jsonReply, readJsonFields, textReply } from '../wire.ts';
import type { ApiUser } from './api-users.ts';
import { badRequest, walletError } from './error-replies.ts';
import { isNote, isReference, noteText, type Party, readParty } from './fields.ts';
import type { MomoIdentifiers } from './identifiers.ts';
import { isConfigurationCode, magicOutcome } from './magic-numbers.ts';
import { readAddressing } from './payments/order.ts';
import { describeReason } from './payments/statement.ts';
import type { MomoEnvironment, MomoShapes, MomoTimings } from './settings.ts';

/** A standing approval that was asked for. It moves no money, and lets none move: what it is good for is not written down. */
export interface PreApproval {
  readonly referenceId: string;
  readonly payer: Party;
  readonly payerMessage: string;
  readonly expiresAtMs: number;
  readonly askedAtMs: number;
  /** Absent while nobody has decided. */
  readonly end?: { readonly status: 'SUCCESSFUL' } | { readonly status: 'FAILED'; readonly code: string };
  /** Of one that was given. */
  readonly preApprovalId?: string;
  readonly approvedAtMs?: number;
  readonly isCancelled: boolean;
}

export interface PreApprovalDesk {
  readonly ask: (request: HttpRequest, user: ApiUser) => HttpResponse;
  readonly query: (referenceId: string) => HttpResponse;
  readonly list: (type: string, id: string) => HttpResponse;
  readonly cancel: (preApprovalId: string) => HttpResponse;
  readonly all: readonly PreApproval[];
}

export interface PreApprovalDeskOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly report: SendReport;
  readonly handsets: Handsets;
  readonly identifiers: MomoIdentifiers;
  readonly environment: MomoEnvironment;
  readonly timings: MomoTimings;
  readonly shapes: MomoShapes;
}

type OpenPreApproval = { -readonly [Key in keyof PreApproval]: PreApproval[Key] } & { deciding?: CancelTimer };

const OPERATION = 'preapproval';
const LISTED_TYPES = ['msisdn', 'email', 'id', 'alias'];

export function createPreApprovalDesk(options: PreApprovalDeskOptions): PreApprovalDesk {
  const { clock, schedule, report, handsets, identifiers, environment, timings, shapes } = options;
  const all: OpenPreApproval[] = [];
  const codeOf: Readonly<Record<Exclude<HandsetBehaviour, 'approve' | 'insufficient-funds'>, string>> = {
    decline: 'APPROVAL_REJECTED',
    'wrong-pin': 'PAYMENT_NOT_APPROVED',
    ignore: shapes.unanswered,
    unreachable: shapes.unanswered,
  };

  const describe = (one: OpenPreApproval, end = one.end): object => ({
    payer: one.payer,
    payerCurrency: environment.currency,
    payerMessage: one.payerMessage,
    status: end?.status ?? 'PENDING',
    expirationDateTime: Math.floor(one.expiresAtMs / 1000),
    ...(end?.status === 'FAILED' ? { reason: describeReason(end, shapes) } : {}),
  });

  const conclude = async (
    one: OpenPreApproval,
    code: string | undefined,
    request: HttpRequest,
    callbackUrl: string | undefined,
  ): Promise<void> => {
    const end = code === undefined ? ({ status: 'SUCCESSFUL' } as const) : ({ status: 'FAILED', code } as const);
    one.end = end;
    if (end.status === 'SUCCESSFUL') {
      one.preApprovalId = identifiers.preApprovalId();
      one.approvedAtMs = clock.nowMs();
    }
    if (callbackUrl === undefined) return;
    const send = (body: object): HttpRequest => ({
      method: shapes.callbackVerb === 'POST' ? 'POST' : 'PUT',
      url: callbackUrl,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const opposite =
      end.status === 'SUCCESSFUL'
        ? ({ status: 'FAILED', code: 'APPROVAL_REJECTED' } as const)
        : ({ status: 'SUCCESSFUL' } as const);
    await report({
      operation: OPERATION,
      request,
      dueMs: timings.callbackDelayMs,
      truth: () => send(describe(one)),
      opposite: () => send(describe(one, opposite)),
    });
  };

  /** When and how the payer decides; `undefined` for never. */
  const decisionOf = (msisdn: string): { readonly afterMs: number; readonly code?: string } | undefined => {
    const isSandbox = environment.targetEnvironment === 'sandbox';
    const magic = isSandbox ? magicOutcome('preapproval', msisdn) : undefined;
    if (magic === 'stays-open') return undefined;
    if (magic === 'delayed') return { afterMs: timings.delayedMs };
    if (magic !== undefined) return { afterMs: timings.processingMs, code: magic.code };
    const reaction = handsets.reactTo(msisdn);
    const { behaviour } = reaction;
    const usualMs = timings.thinkingMs[behaviour === 'code' ? 'approve' : behaviour];
    const afterMs = reaction.thinkingMs ?? usualMs;
    if (reaction.behaviour === 'code') return { afterMs, code: reaction.code };
    // Money is not needed to approve.
    if (behaviour === 'approve' || behaviour === 'insufficient-funds' || behaviour === 'code') return { afterMs };
    return { afterMs, code: codeOf[behaviour] };
  };

  const statusOf = ({ isCancelled, expiresAtMs }: OpenPreApproval): string => {
    if (isCancelled) return 'CANCELLED';
    return clock.nowMs() < expiresAtMs ? 'APPROVED' : 'EXPIRED';
  };

  return {
    all,
    ask(request, user) {
      const fields = readJsonFields(request.body);
      const payer = readParty(fields?.['payer']);
      const seconds = fields?.['validityTime'];
      const isWellFormed = typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0;
      if (payer === undefined || !isWellFormed || !isNote(fields?.['payerMessage'])) return badRequest();
      const addressing = readAddressing(request, user, (id) => all.some(({ referenceId }) => referenceId === id));
      if ('refusal' in addressing) return addressing.refusal;
      if (fields?.['payerCurrency'] !== environment.currency) return walletError('INVALID_CURRENCY');
      const decision = decisionOf(payer.partyId);
      const { referenceId, callbackUrl } = addressing.value;
      const code = decision?.code;
      if (code !== undefined && shapes.configurationNumbers === 'refused' && isConfigurationCode(code)) {
        return walletError(code);
      }
      const one: OpenPreApproval = {
        referenceId,
        payer,
        payerMessage: noteText(fields['payerMessage']),
        askedAtMs: clock.nowMs(),
        expiresAtMs: clock.nowMs() + seconds * 1000,
        isCancelled: false,
      };
      all.push(one);
      if (decision !== undefined) {
        one.deciding = schedule.after(decision.afterMs, () => conclude(one, code, request, callbackUrl));
      }
      return textReply(202, '', 'text/plain');
    },
    query(referenceId) {
      if (!isReference(referenceId)) return badRequest();
      const one = all.find((each) => each.referenceId === referenceId);
      return one === undefined ? walletError('RESOURCE_NOT_FOUND') : jsonReply(200, describe(one));
    },
    list(type, id) {
      if (!LISTED_TYPES.includes(type)) return badRequest();
      const given = all.filter(({ payer, preApprovalId }) => payer.partyId === id && preApprovalId !== undefined);
      return jsonReply(
        200,
        given.map((one) => ({
          preApprovalId: one.preApprovalId,
          toFri: 'FRI:canza/USER',
          fromFri: `FRI:${one.payer.partyId}/MSISDN`,
          fromCurrency: environment.currency,
          createdTime: new Date(one.askedAtMs).toISOString(),
          approvedTime: new Date(one.approvedAtMs ?? one.askedAtMs).toISOString(),
          expiryTime: new Date(one.expiresAtMs).toISOString(),
          status: statusOf(one),
          message: one.payerMessage,
        })),
      );
    },
    cancel(preApprovalId) {
      const one = all.find((each) => each.preApprovalId === preApprovalId);
      if (one === undefined) return walletError('RESOURCE_NOT_FOUND');
      one.isCancelled = true;
      return textReply(200, '', 'text/plain');
    },
  };
}
