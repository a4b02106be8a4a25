/**
 * Names that the pages use without saying where they come from: what a `ts fragment` block may take for granted.
 * tools/check-code-blocks.ts compiles fragments with these; what only one page needs stands in a `given` comment above its block.
 */
import type { Clock, Journal, Random, Transport } from '@canza/core';
import type { RedisClient } from '@canza/data';
import type { MMOBridge, TransactionRequest } from '@canza/mobile-money';

declare global {
  const bridge: MMOBridge;
  const journal: Journal;
  const redis: RedisClient;
  const request: TransactionRequest;
  const clock: Clock;
  const random: Random;
  const transport: Transport;
}
