import { type Address, APT, knownAddress, shortAddress } from '../move/address.ts';
import { primaryStore } from '../transaction/hashes.ts';
import { abort, unknownAbort } from './aborts.ts';
import { fn, type MoveFunction } from './function-table.ts';
import { storeAt, transferPrimary } from './stores.ts';

/** Long enough for clients that refuse short addresses of others than the framework. */
const SANDBOX = `0x${'cafe'.repeat(16)}` as const;
const AT = knownAddress(SANDBOX);
const MILLIONTHS = 1_000_000n;

/** A module that no chain has: what a test cannot bring about with the others. Source: docs/sandbox/aptos.md#sandbox-module */
export const sandboxFunctions = (): readonly MoveFunction[] => [
  fn(`entry ${SANDBOX}::sandbox::abort_with(&signer, u64)`, (_context, [code]) => {
    throw unknownAbort(AT, 'sandbox', Number(code));
  }),
  fn(`entry ${SANDBOX}::sandbox::pay_together(&signer, &signer, address, u64)`, (context, [to, amount]) => {
    for (const signer of context.signers.slice(0, 2)) {
      transferPrimary(context, signer, to as Address, APT, amount as bigint);
    }
  }),
  fn(`entry ${SANDBOX}::sandbox::burn_gas(&signer, u64)`, ({ meter }, [units]) =>
    meter.execute((units as bigint) * MILLIONTHS),
  ),
  fn(
    `entry ${SANDBOX}::sandbox::close_store(&signer, 0x1::object::Object<0x1::fungible_asset::Metadata>)`,
    (context, [metadata]) => {
      const { session, sender, meter, events } = context;
      const at = primaryStore(sender, metadata as Address);
      const store = storeAt(context, at);
      if (store.balance > 0n) abort('fungible_asset.balanceNotZero');
      session.set(at, 'store', undefined);
      meter.refund(meter.slotFee('store'));
      events.push({
        type: '0x1::fungible_asset::FungibleStoreDeletion',
        data: { metadata: shortAddress(store.metadata), owner: shortAddress(sender), store: shortAddress(at) },
      });
    },
  ),
];
