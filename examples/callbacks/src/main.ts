import { startExpress } from './express.ts';
import { startFastify } from './fastify.ts';
import { startHono } from './hono.ts';
import { takePayment } from './take-payment.ts';

for (const [name, start] of Object.entries({ hono: startHono, express: startExpress, fastify: startFastify })) {
  const { status, receipt, evidence } = await takePayment(name, start);
  console.log(
    `${name.padEnd(8)} ${status}, receipt ${receipt} (learned by ${evidence.map(({ source }) => source).join(', ')})`,
  );
  if (status !== 'succeeded') process.exitCode = 1;
}
