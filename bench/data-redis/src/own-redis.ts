import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../../tools/free-port.ts';

/** Runs the work beside a Redis of its own, without persistence, and ends it. */
export async function withRedis(work: (port: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes('Ready to accept connections')) break;
  }
  server.stdout.resume();
  try {
    await work(port);
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}
