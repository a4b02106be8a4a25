import type { HttpResponse } from '@canza/core';
import { headerOf } from '../../wire.ts';
import { BcsReader } from '../bcs/reader.ts';
import { readArguments } from '../chain/execute.ts';
import { GasMeter } from '../chain/gas.ts';
import { Session } from '../chain/session.ts';
import { MoveAbort } from '../framework/aborts.ts';
import type { CallContext } from '../framework/call.ts';
import type { MoveFunction } from '../framework/function-table.ts';
import { type Address, FRAMEWORK, parseAddress, shortAddress } from '../move/address.ts';
import { formatType, type MoveType, parseType, substitute } from '../move/type-tag.ts';
import { type MoveValue, parseJsonValue, renderValue } from '../move/values.ts';
import { readViewCall } from '../transaction/payload.ts';
import { readJsonBody } from './json-body.ts';
import type { NodeRequest } from './node-request.ts';
import { versionOf } from './parameters.ts';
import { frameworkError, RestError } from './replies.ts';
import { binaryBody, decodeBody } from './submit.ts';

const VIEW_BCS = 'application/x.aptos.view_function+bcs';

interface ViewCall {
  readonly called: MoveFunction;
  readonly typeArgs: readonly MoveType[];
  readonly args: readonly MoveValue[];
}

/** What views refuse is told without the headers of the ledger. */
const refuse = (message: string): RestError => new RestError('invalid_input', message, { isBeforeLedger: true });

export function view(request: NodeRequest): HttpResponse {
  const { chain, snapshot, query, reply } = request;
  const version = versionOf(query, snapshot, chain.ledger);
  const contentType = headerOf(request.request, 'content-type') ?? '';
  const session = new Session(chain.state, version);
  const meter = new GasMeter(chain.settings.gas, { price: 1n, sizeBytes: 0 });
  try {
    const call = contentType.startsWith(VIEW_BCS) ? readBinary(request) : readJson(request, contentType);
    const { called, typeArgs, args } = call;
    const context: CallContext = {
      session,
      meter,
      sender: FRAMEWORK,
      signers: [],
      typeArgs,
      chainId: chain.settings.chainId,
      timestampUsec: snapshot.timestampUsec,
      blockHeight: snapshot.blockHeight,
      events: [],
      movements: [],
    };
    const values = called.run(context, args) ?? [];
    const shown = values.map((value, index) => {
      const type = called.returns[index];
      return type === undefined ? value : renderValue(value, substitute(type, typeArgs));
    });
    const gas = meter.charge(session, false).totalUnits.toString();
    return reply(shown, { headers: { 'x-aptos-gas-used': gas } });
  } catch (error) {
    if (!(error instanceof MoveAbort)) throw error;
    const name = error.vmStatus.startsWith('Move abort') ? 'ABORTED' : error.vmStatus;
    throw new RestError('invalid_input', `VMError with status ${name}: ${error.vmStatus}`, { isBeforeLedger: true });
  }
}

function findView({ chain }: NodeRequest, address: Address, module: string, name: string): MoveFunction {
  const called = chain.functions.find(address, module, name);
  if (called?.isView === true) return called;
  if (called !== undefined) {
    throw refuse(
      "PartialVMError with status INVALID_MAIN_FUNCTION_SIGNATURE and message 'function not marked as view function'",
    );
  }
  const isModule = chain.functions.functionsOf(address, module) !== undefined;
  throw refuse(
    isModule
      ? `could not find entry function by ${shortAddress(address)}::${module}::${name}`
      : `PartialVMError with status LINKER_ERROR and message 'Module ${shortAddress(address)}::${module} does not exist'`,
  );
}

function readBinary(request: NodeRequest): ViewCall {
  const body = binaryBody(request.request, VIEW_BCS);
  const { address, module, name, typeArgs, args } = decodeBody('ViewRequest', () => readViewCall(new BcsReader(body)));
  const called = findView(request, address, module, name);
  return { called, typeArgs, args: readArguments(args, called.params, typeArgs) };
}

function readJson(request: NodeRequest, contentType: string): ViewCall {
  if (!contentType.startsWith('application/json')) {
    throw frameworkError(`the \`Content-Type\` requested by the client is not supported: ${contentType}`, 415);
  }
  const body = readJsonBody(request.request.body ?? '');
  const [at = '', module = '', name = ''] = textOf(body['function']).split('::');
  const address = parseAddress(at);
  if (address === undefined || name === '')
    throw frameworkError('parse request payload error: invalid entry function id');
  const called = findView(request, address, module, name);
  const typeArgs = listOf(body['type_arguments']).map((text) => {
    const parsed = parseType(String(text));
    if (parsed === undefined) throw refuse(`parse type argument ${String(text)} failed`);
    return parsed;
  });
  const given = listOf(body['arguments']);
  if (given.length !== called.params.length) {
    throw refuse(
      `expected ${called.params.length} arguments [${called.params.map(formatType).join(', ')}], but got ${given.length}`,
    );
  }
  const args = called.params.map((param, index) => {
    const value = parseJsonValue(given[index], substitute(param, typeArgs));
    if (value === undefined) throw refuse(`parse arguments[${index}] failed, expect ${formatType(param)}`);
    return value;
  });
  return { called, typeArgs, args };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
