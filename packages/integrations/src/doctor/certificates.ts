import { X509Certificate } from 'node:crypto';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

const ABOUT = 'mpesa';
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Whether the certificates that payouts are encrypted with will still be good in a month. */
export const certificates: Check = {
  name: 'certificates',
  run({ config: { mpesa = [] }, clock }) {
    const settings = 'environment' in mpesa ? [mpesa] : mpesa;
    return settings.flatMap(({ initiator }): Finding[] => {
      const pem = initiator?.certificate;
      if (pem === undefined || !pem.includes('BEGIN CERTIFICATE')) return [];
      const days = Math.floor((Date.parse(new X509Certificate(pem).validTo) - clock.nowMs()) / DAY_MS);
      const todo = 'take the new one of this environment from the Daraja portal';
      if (days < 0) return [fail(ABOUT, 'the certificate of the initiator has ended', todo)];
      if (days < SOON_DAYS) return [warn(ABOUT, `the certificate of the initiator ends in ${days} days`, todo)];
      return [ok(ABOUT, `the certificate of the initiator is good for ${days} days`)];
    });
  },
};
