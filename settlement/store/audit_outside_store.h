/* What the audit reads beyond the ledger: matches, open lists, discrepancies, deposits, exports, and the lines of
 * imported files. Rows are read with audit_rows_next, audit_int … (audit_store.h). */
#pragma once

#include "settlement/store/audit_store.h"

/* Without argument but for the three that say so; rows come only where something is wrong, but for those, for
 * OUTSIDE_PAYOUT_FACTS, and for OUTSIDE_ABSENT_PAYMENTS, of which the audit judges the cancelled. */
enum outside_question {
    OUTSIDE_MATCHES,         /* pairs that no rule bears out: terminal, sequence, import, line, matched_by, our yen */
    OUTSIDE_LINES_TWICE,     /* lines in more than one pair: import, line, yen of the line, Σ our yen */
    OUTSIDE_ABSENT_PAYMENTS, /* payments and cancellations in no pair, on no open list and judged by nobody: terminal,
                                sequence, part, our yen, is cancelled, business_date, day of the last run */
    OUTSIDE_PAYMENTS_TWICE,  /* in a pair and on the open list: terminal, sequence, part, our yen */
    OUTSIDE_STRANGE_ITEMS,   /* on the open list, and no payment: terminal, sequence */
    OUTSIDE_LINES,           /* lines in no place or in two: import, line, yen, is in two */
    OUTSIDE_STRANGE_LINES,   /* on the open list, and no line of a payment: import, line */
    OUTSIDE_STAKES,          /* discrepancies with other yen at stake: discrepancy, class, yen by both sides, its yen */
    OUTSIDE_DEPOSIT_STAKES,  /* the same of open ones about deposits */
    OUTSIDE_DEPOSITS_UNHEARD, /* deposits past their day of which nothing came and nothing is listed: trustee, payout,
                                 yen, day */
    OUTSIDE_PAYOUT_FACTS,     /* every deposit, by its lines and by the books: municipality, trustee, payout, Σ yen, Σ
                                 fees, latest pay day that they name, instant of the first payment (of the first file,
                                 where none names one), last day of the bank's record; expected, carried, credited yen,
                                 is carried, day, taker; Σ of credits whose EDI is empty */
    OUTSIDE_FEE_LINES,       /* of the municipality given, lines of payments in files that stand for themselves, file by
                                file: import, payout, brand, has time, accepted_at_ms, yen, fee */
    OUTSIDE_FEE_DIFFERENCES, /* of the municipality given, 手数料差 about such files: subject, yen */
    OUTSIDE_SECOND_PERSONS,  /* money moved by one person: what, number, yen */
    OUTSIDE_DECISIONS,       /* standing decisions that contradict another or were not followed: terminal, sequence,
                                import, line, yen, found yen */
    OUTSIDE_UNRECORDED,      /* deeds without entry in the access log: object, what, yen */
    OUTSIDE_HANDOVER_UNRECORDED, /* the same of what the finance system was given and answered */
    OUTSIDE_PAYOUTS,             /* deposits that are not their lines: trustee, payout, Σ lines, yen, Σ fees, fee */
    OUTSIDE_SPLITS,  /* payments in several pieces: decision (0: none), our yen, their yen, the sides are equal but what
                        was said is not what stands */
    OUTSIDE_SPREADS, /* no argument; what people said that a credit pays and it does not, and where that is not the
                        credit:  import, line, payout ("": all of it), yen that is right, yen found */
    OUTSIDE_CREDITS, /* credits that are not the bank's line: import, line, payout, yen of the line, yen */
    OUTSIDE_REPLACED,        /* files that took another's place, and the lines that count are not what they say: import,
                                yen, Σ yen of the lines that count */
    OUTSIDE_ASIDE,           /* lines that do not count, for no reason or though they are in use: import, line, yen,
                                is in use */
    OUTSIDE_CREDITS_TWICE,   /* credited, and open: import, line, yen */
    OUTSIDE_IMPORTS,         /* every file: import, file_name, layout, kind, imported_at_ms, bytes (empty
                                where they stand in parts), the
                                city's own layout of that day or '' */
    OUTSIDE_FILE_PARTS,      /* of the import given, when its bytes stand in parts: the bytes of each, in order */
    OUTSIDE_STATEMENT_LINES, /* of the import given: line, kind, yen, fee, has time, accepted_at_ms, is_training,
                                then brand, both references, terminal, payout, pay_date */
    OUTSIDE_BANK_LINES,      /* of the import given: line, direction, yen, then booked_on, value_on and the texts */
    OUTSIDE_EXPORTS,         /* every file: export, fiscal_year, serial, count, yen, encoding, sha256, bytes */
    OUTSIDE_EXPORT_LINES,    /* of the export given, in the order of the file: the figures, then the texts of a line */
    OUTSIDE_EXPORT_SUMS, /* exports whose 調定 are not their sum, or that lack a file: fiscal_year, serial, Σ 調定, yen
                          */
    OUTSIDE_REMITTANCES,      /* 払込 that are not what the ledger, the bank's lines or the access log bear out: what,
                                 remittance (0:      none), yen as it should be, yen */
    OUTSIDE_REMITTANCE_DEEDS, /* the same, of those that the access log does not bear out */
    OUTSIDE_FINANCE_FILES,    /* files in the finance system's own form: finance_file, export, made_at_ms, count, yen,
                                 number   of its 調定, Σ their yen, of those not in the export, of the export's not in it
                                 (0   for a file   of what was refused), municipality, file_name, sha256, descriptor, bytes
                               */
    OUTSIDE_FINANCE_ANSWERS, /* its answers: answer, accepted, refused, lines accepted, lines refused, lines of no 調定
                                of the file, file_name, sha256, bytes */
    OUTSIDE_CLOSED_YEARS, /* closed years: closing, fiscal_year, count, yen, 調定 drafted or approved since, digest */
    OUTSIDE_CLOSING_DEEDS, /* where the access log and the closings disagree: 0 a deed of the log without its row, 1 its
                              row is another, 2 a row without its deed; yen of the row; then "year:2025", figures as
                              the log has them, what */
    OUTSIDE_CLOSED_YEAR_RECORDS, /* of the closing given, by number: serial, yen, tax yen, kind, assessed_on, account,
                                    section, route, tax */
    OUTSIDE_REFUNDS_SEEN, /* refunds whose line of a statement does not bear them out: terminal, sequence, import, line,
                             yen of the line */
    OUTSIDE_DESK_DEEDS,   /* of the finance desk's refunds: 0 what the ledger has and the access log not, 1 the reverse;
                             yen of the ledger; then "refund:<id>", what, and the log's `after` */
    OUTSIDE_TRANSFERS, /* every 総合振込 file: transfer, count, yen, Σ items, items, paid items whose refund is not paid
                          so, deeds that the access log lacks, sha256, bytes */
    OUTSIDE_TRANSFERS_LOST, /* files that the access log tells of and that are not there, and refunds that the desk paid
                               by 口座振込 in no file: what ("refund_transfer:<id>", "refund:<id>"), yen or 0, the log's
                               `after` */
    OUTSIDE_STAFF, /* every person of the table or the access log: exists, is active, first password, login, role,
                      name, password hash, what the last deed about them left ('': no deed), 所属 joined */
    OUTSIDE_SCOPED_APPROVALS, /* every approved 調定 whose approver had but some 所属 when they approved it: fiscal_year,
                                 serial, yen, section, approver, what the log said of the approver then */
    OUTSIDE_ACCESS_LOG,   /* every entry by municipality, in order: entry, at_ms, municipality, chain, then login,
                             address,   what, object, before, after, reason */
    OUTSIDE_ACCESS_HEADS, /* where each chain ends: entries, how many there are, municipality, chain */
    OUTSIDE_QUESTION_COUNT
};

/* ARGUMENT: an import, export or closing in decimal digits, borrowed until the end; NULL where none is taken. */
enum status outside_rows_begin(struct store_txn *txn, enum outside_question question, const char *argument,
                               struct audit_rows **out, struct error_detail *err) MUST_CHECK;
