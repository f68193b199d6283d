-- Whether a payment was given back is asked of every open one by matching.
CREATE INDEX reversal_by_payment ON reversal (payment);
