import { crc32, deflateSync } from 'node:zlib';

import type { HttpResponse } from '@canza/core';
import { encode } from 'uqr';

import { type JsonFields, jsonReply } from '../wire.ts';
import type { DarajaErrors } from './error-replies.ts';
import { isFilled, isWholeAmount, type Read, refuse, refuseFirst, take, textOf } from './fields.ts';

/** Till, agent, pay bill, phone, business. */
const TRANSACTION_CODES = ['BG', 'WA', 'PB', 'SM', 'SB'];

export interface QrRequest {
  readonly merchant: string;
  readonly reference: string;
  readonly amount: string;
  readonly code: string;
  /** Who is paid: till, agent, pay bill or phone number. */
  readonly payee: string;
  /** Pixels a side. */
  readonly size: number;
}

export function readQrRequest(fields: JsonFields, errors: DarajaErrors): Read<QrRequest> {
  const size = textOf(fields['Size']);
  const refusal = refuseFirst(
    {
      MerchantName: !isFilled(fields['MerchantName']),
      RefNo: !isFilled(fields['RefNo']),
      Amount: !isWholeAmount(fields['Amount']),
      TrxCode: !TRANSACTION_CODES.includes(textOf(fields['TrxCode'])),
      CPI: textOf(fields['CPI']) === '',
      Size: !/^[1-9]\d{1,3}$/.test(size),
    },
    errors,
  );
  if (refusal !== undefined) return refuse(refusal);
  return take({
    merchant: textOf(fields['MerchantName']),
    reference: textOf(fields['RefNo']),
    amount: textOf(fields['Amount']),
    code: textOf(fields['TrxCode']),
    payee: textOf(fields['CPI']),
    size: Number(size),
  });
}

/** Answers with a code that scans. What the operator's own codes say inside is not published; these say it in words. */
export const answerQr = ({ size, ...payment }: QrRequest, requestId: string): HttpResponse =>
  jsonReply(200, {
    ResponseCode: '00',
    RequestID: requestId,
    ResponseDescription: 'QR Code Successfully Generated.',
    QRCode: drawPng(encode(Object.values(payment).join('|'), { border: 4 }).data, size).toString('base64'),
  });

/** A black and white PNG of so many pixels a side, each module the same whole number of pixels, the rest white. */
function drawPng(modules: readonly (readonly boolean[])[], size: number): Buffer {
  const scale = Math.max(1, Math.floor(size / modules.length));
  const side = Math.max(size, modules.length);
  const margin = Math.floor((side - modules.length * scale) / 2);
  const rowBytes = Math.ceil(side / 8) + 1;
  const pixels = Buffer.alloc(rowBytes * side, 0xff);
  for (let y = 0; y < side; y++) {
    pixels[y * rowBytes] = 0;
    const row = modules[Math.floor((y - margin) / scale)];
    if (row === undefined) continue;
    for (let x = 0; x < side; x++) {
      if (row[Math.floor((x - margin) / scale)] !== true) continue;
      const at = y * rowBytes + 1 + (x >> 3);
      pixels[at] = (pixels[at] ?? 0) & ~(0x80 >> (x & 7));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
