import { NOW_SECONDS } from './node-answers.ts';

/** A committed user transaction as a node writes it; what a test does not say is made up. */
export const committed = (fields: Readonly<Record<string, unknown>> = {}) => ({
  version: '41',
  hash: `0x${'ab'.repeat(32)}`,
  state_change_hash: `0x${'01'.repeat(32)}`,
  event_root_hash: `0x${'02'.repeat(32)}`,
  state_checkpoint_hash: null,
  gas_used: '90',
  success: true,
  vm_status: 'Executed successfully',
  accumulator_root_hash: `0x${'03'.repeat(32)}`,
  changes: [],
  sender: '0x1234',
  sequence_number: '7',
  max_gas_amount: '2000',
  gas_unit_price: '100',
  expiration_timestamp_secs: String(NOW_SECONDS + 60),
  payload: {},
  signature: {},
  replay_protection_nonce: null,
  events: [
    {
      guid: { creation_number: '0', account_address: '0x0' },
      sequence_number: '0',
      type: '0x1::transaction_fee::FeeStatement',
      data: {
        execution_gas_units: '4',
        io_gas_units: '5',
        storage_fee_octas: '0',
        storage_fee_refund_octas: '1000',
        total_charge_gas_units: '90',
      },
    },
  ],
  timestamp: String(NOW_SECONDS * 1_000_000),
  type: 'user_transaction',
  ...fields,
});

export const pending = (hash: string) => ({ hash, sender: '0x1', sequence_number: '7', type: 'pending_transaction' });
