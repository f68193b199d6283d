-- Sales that were counted while their payment was in doubt and are not proved: tills ask for them every minute.
CREATE INDEX payment_doubtful ON payment (municipality, terminal) WHERE rule = 'counts_as_sale' AND proved = '' AND state = 'approved';
