// ESC/POS by receiptline, many documents at once: node receiptline_all.mjs < [{"markup", "columns"}…] > [base64…]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.env.PEER_MODULES, 'here.js'));
const receiptline = require('receiptline');
const printed = JSON.parse(readFileSync(0, 'utf8')).map(({ markup, columns }) =>
  Buffer.from(receiptline.transform(markup, { cpl: columns, encoding: 'shiftjis', command: 'escpos', spacing: true }), 'binary').toString('base64'));
process.stdout.write(JSON.stringify(printed));
