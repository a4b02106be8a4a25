import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import type { TransactionRequest } from '@canza/mobile-money';

/** Reads one line at a time: a file of a million lines needs no more memory than one of thirty. */
export async function* readPayouts(path: string): AsyncGenerator<TransactionRequest> {
  const lines = createInterface({ input: createReadStream(path) });
  let isHeader = true;
  for await (const line of lines) {
    const [transactionId = '', phoneNumber = '', amount = ''] = line.split(',');
    if (!isHeader) yield { transactionId, phoneNumber, amount, type: 'disbursement', currency: 'UGX' };
    isHeader = false;
  }
}
