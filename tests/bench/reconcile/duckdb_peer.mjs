// duckdb_peer.mjs SALES STATEMENT THREADS: both files as tables of the columns that matching needs, joined in memory.
// DuckDB does not read CP932 by itself: STATEMENT is the same file in UTF-8.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [sales, statement, threads] = process.argv.slice(2);
const require = createRequire(`${process.env.DUCKDB_MODULES ?? process.cwd()}/`);
const { DuckDBInstance, version } = await import(pathToFileURL(require.resolve("@duckdb/node-api")).href);
const instance = await DuckDBInstance.create(":memory:", { threads });
const connection = await instance.connect();

const lineColumns = Array.from({ length: 13 }, (_, i) => `'c${i}': 'VARCHAR'`).join(", ");
const start = process.hrtime.bigint();
await connection.run(`
  CREATE TABLE sales AS SELECT row_number() OVER () AS row, reference, acquirer_reference AS acquirer, brand,
      CAST(amount AS BIGINT) AS amount, CAST(amount AS BIGINT) < 0 AS negative
    FROM read_csv('${sales}', header = true, all_varchar = true);
  CREATE TABLE lines AS SELECT row_number() OVER () AS row, nullif(c1, '') AS reference, c2 AS acquirer, c3 AS brand,
      CAST(c7 AS BIGINT) AS amount, CAST(c7 AS BIGINT) < 0 AS negative
    FROM read_csv('${statement}', header = false, skip = 1, columns = {${lineColumns}}, quote = '"', escape = '"',
                  null_padding = true, auto_detect = false, delim = ',', new_line = '\\r\\n')
    WHERE c7 IS NOT NULL;
  CREATE TABLE pairs AS SELECT s.row AS sale, l.row AS line, s.amount = l.amount AS equal, s.brand <> l.brand AS other_brand
    FROM sales s JOIN lines l ON s.reference = l.reference AND s.negative = l.negative;
  INSERT INTO pairs SELECT s.row, l.row, s.amount = l.amount, s.brand <> l.brand
    FROM (SELECT * FROM sales WHERE row NOT IN (SELECT sale FROM pairs)) s
    JOIN (SELECT * FROM lines WHERE row NOT IN (SELECT line FROM pairs)) l
      ON s.acquirer = l.acquirer AND s.negative = l.negative;`);
const reader = await connection.runAndReadAll(`
  SELECT count(*) FILTER (WHERE equal)::INTEGER, count(*) FILTER (WHERE NOT equal)::INTEGER,
      count(*) FILTER (WHERE other_brand)::INTEGER, ((SELECT count(*) FROM sales) - count(*))::INTEGER,
      ((SELECT count(*) FROM lines) - count(*))::INTEGER FROM pairs`);
const [matches, amount_differs, brand_differs, pos_only, statement_only] = reader.getRows()[0];
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ seconds, version: version(),
  counts: { matches, amount_differs, brand_differs, pos_only, statement_only } }));
