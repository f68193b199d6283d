// Print by receiptio: node receiptio_print.mjs PORT < MARKUP > its word for how it went.
// Printers listen on port 9100 and receiptio knows no other; here that port is whichever the simulator has.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.env.PEER_MODULES, 'here.js'));
const net = require('node:net');
const connect = net.connect;
net.connect = (port, ...rest) => connect(port === 9100 ? Number(process.argv[2]) : port, ...rest);
const receiptio = require('receiptio');
process.stdout.write(await receiptio.print(readFileSync(0, 'utf8'), '-d 127.0.0.1 -p escpos -c 48 -l ja -n -t 20'));
process.exit(0);
