-- What a start and every state look for, found without walking what was sold in years.
CREATE INDEX print_job_begun ON print_job (job) WHERE state = 'started';
CREATE INDEX business_day_closed ON business_day (closed_sequence);
