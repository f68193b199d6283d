// ESC/POS by receiptline: node receiptline_escpos.mjs COLUMNS < MARKUP > BYTES
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.env.RECEIPTLINE_MODULES, 'here.js'));
const receiptline = require('receiptline');
const printer = { cpl: Number(process.argv[2]), encoding: 'shiftjis', command: 'escpos' };
process.stdout.write(Buffer.from(receiptline.transform(readFileSync(0, 'utf8'), printer), 'binary'));
