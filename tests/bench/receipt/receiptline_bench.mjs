// The same receipt by receiptline.
//
//   node receiptline_bench.mjs FIXTURE.json COLUMNS ITERATIONS escpos|text [without-code]
//
// escpos: time ITERATIONS transformations after a tenth as many to warm up, and print one JSON object. The markup is made
// once, outside the measure. text: print the receipt as text, for the comparison of contents.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [fixture, columns, iterations, command, option] = process.argv.slice(2);
const require = createRequire(resolve(process.env.RECEIPTLINE_MODULES, 'here.js'));
const receiptline = require('receiptline');

const escape = (text) => String(text).replace(/[\\|{}~_"`^]/g, (c) => `\\${c}`);
const yen = (amount) => `¥${amount.toLocaleString('en-US')}`;
const pair = (left, right) => `${escape(left)} | ${escape(right)}`;

function moment(text) {
    const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(text);
    const weekday = '日月火水木金土'[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
    return `${year}年${Number(month)}月${Number(day)}日(${weekday}) ${time}`;
}

// As wide as ours: the mark in a column of its own before the amounts.
function line(item) {
    const amount = yen(item.amount_yen).padStart(10);
    const figures = `${yen(item.unit_price_yen)} × ${item.quantity}  ${item.tax === 'exempt' ? '非' : '内'} ${amount}`;
    return pair(item.name, figures).replaceAll('  ', '~~').replaceAll('~ ', '~~');
}

function taxes(rows) {
    return rows.flatMap((row) => row.tax === 'exempt'
        ? [pair('非 非課税計', yen(row.subject_yen))]
        : [pair('内 10%対象計(税込)', yen(row.subject_yen)), pair('~~~うち消費税等', yen(row.tax_yen)).replace(/\\~/g, '~')]);
}

function markup(document, hasCode) {
    const { sale } = document;
    const issuer = document.issuers[0];
    const pieces = sale.lines.reduce((sum, item) => sum + item.quantity, 0);
    return [
        '{width:*}',
        `"${escape(document.municipality_name)}`, escape(document.place_name), '', '"^^領　収　書', '',
        '{width:*,*; border:0}',
        pair('領収書番号', sale.receipt_number), pair('領収日時', moment(document.at)), pair('取扱者', document.clerk_name), '-',
        pair(issuer.name, `登録番号 ${issuer.registration_number}`), '-',
        ...sale.lines.map(line), '-',
        ...taxes(sale.taxes), '-',
        `"^^合計"^^ ${pieces}点 | "^^${yen(sale.total_yen)}`, '-',
        pair('お預かり(現金)', yen(sale.payment.tendered_yen)), pair('お釣り', yen(sale.payment.change_yen)), '-',
        '{width:*}',
        '上記の金額を領収しました。', '',
        ...(hasCode ? [`{code:${sale.receipt_number}; option:qrcode,5,m}`] : []),
        '', '領収書は大切に保管してください。', '=',
    ].join('\n');
}

const text = markup(JSON.parse(readFileSync(fixture, 'utf8')), option !== 'without-code');
const printer = { cpl: Number(columns), encoding: 'shiftjis', command };

if (command === 'text') {
    process.stdout.write(receiptline.transform(text, printer));
} else {
    const count = Number(iterations);
    let bytes = '';
    for (let i = 0; i <= count / 10; i++) {
        bytes = receiptline.transform(text, printer);
    }
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
        bytes = receiptline.transform(text, printer);
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const { version } = require('receiptline/package.json');
    console.log(JSON.stringify({ iterations: count, seconds, bytes: bytes.length, version }));
}
