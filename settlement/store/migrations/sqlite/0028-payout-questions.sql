-- What a run asks about deposits walked all of them, ten years of days for one: those that are not settled yet, and those of new files.
CREATE INDEX payout_unsettled ON payout (municipality, due_on, trustee, payout)
    WHERE credited_yen <> expected_yen OR (is_carried = 1 AND carried_to = '');
CREATE INDEX payout_part_by_import ON payout_part (municipality, import);
