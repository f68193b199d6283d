-- What a sale belongs to outside the till, so that a payment slip is not paid twice here.
ALTER TABLE sale ADD COLUMN reference_kind TEXT;
ALTER TABLE sale ADD COLUMN reference_number TEXT;
CREATE INDEX sale_reference ON sale (reference_number) WHERE reference_number IS NOT NULL;
