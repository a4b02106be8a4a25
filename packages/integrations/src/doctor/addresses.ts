// BlockList compares addresses; it opens no socket.
// oxlint-disable-next-line no-restricted-imports
import { BlockList, isIPv6 } from 'node:net';

const closed = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  closed.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::1', 128],
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  closed.addSubnet(net, bits, 'ipv6');
}

/** Whether an address can be reached from outside: not one of this machine, of a home or of an office. */
export const isPublicAddress = (address: string): boolean => !closed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
