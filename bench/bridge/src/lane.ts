/** Runs one contestant in a process of its own, so that one's garbage is not another's: `lane.ts <name> <stub> [<redis>]`. */
import { CONTESTANTS, type Contestant } from './contestants.ts';

const CONCURRENCY = 32;
/** Before each round: code that has rested while others ran is cold, and a busy service's is not. */
const WARM_UP = 3000;

/** What a round cost: microseconds a payment. */
export interface Cost {
  readonly wall: number;
  /** Of this process: user and system, collecting garbage included. */
  readonly cpu: number;
}

const [, , name = '', baseUrl = '', redisUrl] = process.argv;
const contestant: Contestant = CONTESTANTS[name] ?? fail(`No contestant is called "${name}".`);

function fail(why: string): never {
  throw new Error(why);
}

async function payMany(pay: (id: string) => Promise<void>, prefix: string, count: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await pay(`tx_${prefix}_${(next += 1)}`);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, worker));
}

let rounds = 0;
async function runRound(payments: number): Promise<Cost> {
  const round = await contestant({ baseUrl, redisUrl });
  const prefix = `${process.pid}_${(rounds += 1)}`;
  await payMany(round.pay, `${prefix}w`, WARM_UP);
  const startMs = performance.now();
  const startCpu = process.cpuUsage();
  await payMany(round.pay, prefix, payments);
  const { user, system } = process.cpuUsage(startCpu);
  const wall = ((performance.now() - startMs) * 1000) / payments;
  await round.close?.();
  return { wall, cpu: (user + system) / payments };
}

process.on('message', (payments: number) => void runRound(payments).then((cost) => process.send?.(cost)));
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
