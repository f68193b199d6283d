-- The second fence between municipalities: row-level security. A transaction that works for one municipality says so
-- (app.municipality), and from then on sees and writes rows of no other, whatever its WHERE says. One that works for all
-- of them (tills' uploads, the ledger) says '*'. Whoever says nothing sees nothing and writes nothing: a forgotten word
-- is an empty answer, never another city's. Runs whenever a table has no such fence yet; an older one is replaced.
--
-- A table without a municipality of its own belongs to that of the row that its rows hang on. The import, and
-- the staging of one, come before the terminal: what a statement calls a terminal is the acquirer's name for one, and
-- none of ours.
DO $$
DECLARE
    fenced RECORD;
    is_mine TEXT;
    has_column TEXT[];
    said CONSTANT TEXT := 'coalesce(current_setting(''app.municipality'', true), '''')';
BEGIN
    PERFORM pg_advisory_xact_lock(7270511);
    FOR fenced IN
        SELECT c.oid, c.relname FROM pg_class AS c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT 1 FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'own_city')
    LOOP
        SELECT array_agg(a.attname::TEXT) INTO has_column FROM pg_attribute AS a
            WHERE a.attrelid = fenced.oid AND a.attnum > 0 AND NOT a.attisdropped;
        is_mine := CASE
            WHEN 'municipality' = ANY (has_column) THEN 'municipality = ' || said
            WHEN 'staging' = ANY (has_column) THEN 'staging IN (SELECT s.staging FROM import_staging AS s)'
            WHEN 'import' = ANY (has_column) THEN 'import IN (SELECT i.import FROM import AS i)'
            WHEN 'terminal' = ANY (has_column) THEN 'terminal IN (SELECT t.terminal FROM terminal AS t)'
            WHEN 'assessment' = ANY (has_column) THEN 'assessment IN (SELECT a.assessment FROM assessment AS a)'
            WHEN 'export' = ANY (has_column) THEN 'export IN (SELECT e.export FROM assessment_export AS e)'
            WHEN 'draft' = ANY (has_column) THEN 'draft IN (SELECT d.draft FROM masters_draft AS d)'
            WHEN 'staff' = ANY (has_column) THEN 'staff IN (SELECT s.staff FROM staff AS s)'
        END;
        IF is_mine IS NOT NULL THEN
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', fenced.relname);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', fenced.relname);
            EXECUTE format('DROP POLICY IF EXISTS municipality ON %I', fenced.relname);
            EXECUTE format('CREATE POLICY own_city ON %I USING (%s = ''*'' OR (%s <> '''' AND %s))', fenced.relname, said, said,
                           is_mine);
        END IF;
    END LOOP;
END $$;
