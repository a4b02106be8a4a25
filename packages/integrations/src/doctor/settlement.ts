import { ConfigError, PaymentError, type SettlementNetwork } from '@canza/core';
import { loadNetwork } from '../open-settlement.ts';
import { type Check, type Finding, fail, ok, type Surroundings, warn } from './check.ts';

/** Whether the chain, the accounts and the assets are those of the configuration, and whether fees can be paid. */
export const settlement: Check = {
  name: 'settlement',
  async run(around) {
    const { config, transport, clock, random, logger } = around;
    if (config.settlement === undefined) return [];
    const factory = await loadNetwork(config.settlement);
    if (factory === undefined) return [];
    const network = factory({ transport, clock, random, logger });
    return [...ofLimit(config.settlement), ...(await ofNetwork(network, around))];
  },
};

const ofLimit = ({ maxSettlementAmount }: { readonly maxSettlementAmount?: unknown }): readonly Finding[] =>
  maxSettlementAmount === undefined
    ? [
        warn(
          'settlement',
          'there is no most that one settlement may move',
          'set maxSettlementAmount: a wrong amount on a chain is gone',
        ),
      ]
    : [];

async function ofNetwork(
  network: SettlementNetwork,
  { clock, hear, timeoutMs }: Surroundings,
): Promise<readonly Finding[]> {
  const { name } = network;
  try {
    await network.check({ timeoutMs });
    const askedMs = clock.nowMs();
    const { atMs } = await network.ledger({ timeoutMs });
    hear({ host: name, theirMs: atMs, ourMs: (askedMs + clock.nowMs()) / 2 });
  } catch (error) {
    if (ConfigError.isInstance(error)) {
      return [fail(name, `the chain says otherwise about "${error.field}"`, `it has to be ${error.expected}`)];
    }
    const code = PaymentError.isInstance(error) ? error.code : 'an error';
    return [fail(name, `no node answers (${code})`, 'look at nodeUrl, the API key and the way out')];
  }
  return [
    ok(name, 'the chain, the accounts and the assets are those of the configuration'),
    ...(await ofFees(network, timeoutMs)),
  ];
}

async function ofFees(network: SettlementNetwork, timeoutMs: number): Promise<readonly Finding[]> {
  const { name, senders, feeAsset, capabilities } = network;
  if (capabilities.feePayer === 'supported') return [];
  const balances = await Promise.all(
    senders.map(async (sender) => ({ sender, held: await network.balance(sender, feeAsset.id, { timeoutMs }) })),
  );
  return balances
    .filter(({ held }) => held === 0n)
    .map(({ sender }) =>
      fail(name, `${sender} holds no ${feeAsset.currency} for fees`, 'send some to it, and watch it'),
    );
}
