import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { freePort } from '../../../../tools/free-port.ts';
import { OwnRedis } from '../../test/servers/redis.ts';
import { RedisClient, type RedisClientOptions } from './client.ts';

const PASSWORD = 'only-for-this-test';

describe.skipIf(inject('redisUrl') === null)('a Redis that asks for a password and speaks TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'canza-tls-'));
  const certificate = join(folder, 'cert.pem');
  let redis: OwnRedis;
  let tlsPort: number;
  beforeAll(async () => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', certificate, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
      stdio: 'ignore',
    });
    tlsPort = await freePort();
    const tls = [
      '--tls-port',
      String(tlsPort),
      '--tls-cert-file',
      certificate,
      '--tls-key-file',
      join(folder, 'key.pem'),
    ];
    redis = new OwnRedis([...tls, '--tls-auth-clients', 'no', '--requirepass', PASSWORD]);
    await redis.start();
  });
  afterAll(async () => {
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = async (options: RedisClientOptions): Promise<RedisClient> => {
    const client = await RedisClient.connect(options, { timeoutMs: 700 });
    onTestFinished(() => client.close());
    return client;
  };

  it('is reached with the right certificate and password', async () => {
    const client = await connect({
      server: { url: `rediss://:${PASSWORD}@localhost:${tlsPort}` },
      tls: { ca: readFileSync(certificate) },
    });
    const values = await Promise.all(
      Array.from({ length: 50 }, (_, index) => client.set(`key ${index}`, 'x'.repeat(9_000))),
    );
    expect(values).not.toContain(false);
    expect(await client.get('key 49')).toBe('x'.repeat(9_000));
  });

  it('is not trusted with a certificate that nobody vouches for', async () => {
    const failing = connect({ server: { url: `rediss://:${PASSWORD}@localhost:${tlsPort}` } });
    await expect(failing).rejects.toThrow(/SELF_SIGNED/);
  });

  it('refuses a wrong password, and the error says so without it', async () => {
    const failed = await connect({ server: { url: redis.url }, password: 'a-wrong-secret' }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'not-sent' });
    expect(String(failed)).toContain('WRONGPASS');
    expect(String((failed as Error).stack) + JSON.stringify(failed)).not.toContain('a-wrong-secret');
  });
});
