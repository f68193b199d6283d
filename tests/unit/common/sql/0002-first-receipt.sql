INSERT INTO receipt (name) VALUES ('first');
