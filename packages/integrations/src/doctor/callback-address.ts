import { isPublicAddress } from './addresses.ts';
import { type Check, type Finding, fail, ok, type Surroundings, warn } from './check.ts';

const ABOUT = 'callbacks';
const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Whether operators can call back: https, a public address, a certificate that they accept, and somebody who answers. */
export const callbackAddress: Check = {
  name: 'callback address',
  async run(around) {
    const { baseUrl } = around.config.callbacks ?? {};
    if (baseUrl === undefined || !URL.canParse(baseUrl)) return [];
    const url = new URL(baseUrl);
    const findings = [...ofScheme(url), ...(await ofHost(url, around))];
    // What is not reachable from outside has nothing more to say.
    if (findings.some(({ verdict }) => verdict === 'fail')) return findings;
    return [...findings, ...(await ofCertificate(url, around)), await ofAnswer(url, around)];
  },
};

const ofScheme = ({ protocol }: URL): readonly Finding[] =>
  protocol === 'https:'
    ? []
    : [
        fail(
          ABOUT,
          'the address is not https',
          'serve it over https: operators refuse others, and its paths are secrets',
        ),
      ];

async function ofHost({ hostname }: URL, { probes }: Surroundings): Promise<readonly Finding[]> {
  const addresses = await probes.addressesOf(hostname);
  if (addresses.length === 0) {
    return [fail(ABOUT, `${hostname} has no address`, 'make a DNS entry for it; operators look it up from outside')];
  }
  const hidden = addresses.filter((address) => !isPublicAddress(address));
  if (hidden.length === 0) return [ok(ABOUT, `${hostname} has a public address`)];
  const what = `${hostname} leads to ${hidden.join(', ')}, which nobody outside can reach`;
  return [fail(ABOUT, what, 'give it a public address, or put a proxy or tunnel with one in front')];
}

async function ofCertificate(url: URL, { probes, clock, timeoutMs }: Surroundings): Promise<readonly Finding[]> {
  if (url.protocol !== 'https:') return [];
  const port = url.port === '' ? 443 : Number(url.port);
  try {
    const { untilMs, refusedBecause } = await probes.certificateOf(url.hostname, port, timeoutMs);
    const days = Math.floor((untilMs - clock.nowMs()) / DAY_MS);
    if (refusedBecause !== undefined) {
      return [
        fail(
          ABOUT,
          `the certificate is refused: ${refusedBecause}`,
          'install one that public roots vouch for, with its chain',
        ),
      ];
    }
    if (days < SOON_DAYS) {
      return [warn(ABOUT, `the certificate ends in ${days} days`, 'renew it, and see that it is renewed by itself')];
    }
    return [ok(ABOUT, `the certificate is good for ${days} days`)];
  } catch {
    // That nobody answers is said by the next one.
    return [];
  }
}

async function ofAnswer(url: URL, { transport, timeoutMs }: Surroundings): Promise<Finding> {
  try {
    const { status } = await transport({ method: 'GET', url: url.href, headers: {} }, { timeoutMs });
    if (status < 500) return ok(ABOUT, `somebody answers there, with ${status}`);
    return warn(ABOUT, `the answer there is ${status}`, 'start the service, or look into the proxy in front of it');
  } catch {
    const todo =
      'start the service and look again, also from outside: without callbacks every payment waits for a question';
    return warn(ABOUT, 'nobody answers there, as seen from this machine', todo);
  }
}
