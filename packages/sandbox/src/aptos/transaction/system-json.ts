import type { Block } from '../chain/ledger.ts';
import { madeUpHash, renderInfo } from './json.ts';

/** The proposer of every block: the emulator has one validator. */
const PROPOSER = '0x1';

const common = (block: Block, version: number, what: string) => ({
  ...renderInfo(version, madeUpHash(what, version)),
  gas_used: '0',
  success: true,
  vm_status: 'Executed successfully',
  accumulator_root_hash: madeUpHash('accumulator', version),
  changes: [],
  timestamp: String(block.timestampUsec),
});

/** The transaction that opens a block. */
export function renderMetadata(block: Block) {
  const { height, firstVersion, timestampUsec } = block;
  const id = madeUpHash('block', height);
  const newBlock = {
    guid: { creation_number: '3', account_address: '0x1' },
    sequence_number: String(Math.max(0, height - 1)),
    type: '0x1::block::NewBlockEvent',
    data: {
      epoch: '1',
      failed_proposer_indices: [],
      hash: id,
      height: String(height),
      previous_block_votes_bitvec: '0x80',
      proposer: PROPOSER,
      round: String(height),
      time_microseconds: String(timestampUsec),
    },
  };
  return {
    ...common(block, firstVersion, 'block metadata'),
    state_checkpoint_hash: null,
    id,
    epoch: '1',
    round: String(height),
    events: [newBlock],
    previous_block_votes_bitvec: [128],
    proposer: PROPOSER,
    failed_proposer_indices: [],
    type: 'block_metadata_transaction',
  };
}

/** The transaction that closes a block. */
export function renderEpilogue(block: Block): object {
  const { lastVersion, transactions } = block;
  const units = transactions.reduce((sum, { charge }) => sum + charge.executionUnits + charge.ioUnits, 0n);
  return {
    ...common(block, lastVersion, 'block epilogue'),
    state_checkpoint_hash: madeUpHash('state checkpoint', lastVersion),
    block_end_info: {
      block_gas_limit_reached: false,
      block_output_limit_reached: false,
      block_effective_block_gas_units: Number(units),
      block_approx_output_size: transactions.length * 1_000,
    },
    type: 'block_epilogue_transaction',
  };
}

export const renderGenesis = (block: Block): object => ({
  ...common(block, 0, 'genesis'),
  state_checkpoint_hash: madeUpHash('state checkpoint', 0),
  payload: { write_set: { changes: [], events: [], type: 'direct_write_set' }, type: 'write_set_payload' },
  events: [],
  type: 'genesis_transaction',
});
