/** The Aptos emulator in a process of its own, so that its work is not counted. Prints where it listens, once. */
import { APTOS_ASSETS, parseAptosAddress, startAptosServer } from '@canza/sandbox';

const owners = process.argv.slice(2).map((text) => parseAptosAddress(text) ?? APTOS_ASSETS.apt);
const server = await startAptosServer({
  blockIntervalMs: 20,
  balances: owners.flatMap((owner) => [
    { owner, asset: APTOS_ASSETS.apt, amountMinor: 10n ** 14n },
    { owner, asset: APTOS_ASSETS.usdc, amountMinor: 10n ** 14n },
  ]),
});
console.log(JSON.stringify({ nodeUrl: server.nodeUrl, usdc: APTOS_ASSETS.usdc }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => void server.close());
