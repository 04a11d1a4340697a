\set VERBOSITY verbose
-- CHECK constraints: names, conditions, errors
CREATE TABLE goods (id int PRIMARY KEY, name varchar(20) CHECK (length(name) > 2), price numeric CONSTRAINT positive CHECK (price > 0), discount numeric DEFAULT 0, stock int CHECK (stock >= 0 AND stock <= 100), kind text CHECK (kind IN ('a', 'b')), CHECK (discount < price), CHECK (stock BETWEEN 0 AND 1000));
\d goods
INSERT INTO goods VALUES (1, 'nut', 5, 1, 10, 'a');
INSERT INTO goods VALUES (2, 'no', 5, 1, 10, 'a');
INSERT INTO goods VALUES (2, 'bolt', -5, -10, 10, 'a');
INSERT INTO goods VALUES (2, 'bolt', 5, 6, 10, 'a');
INSERT INTO goods VALUES (2, 'bolt', 5, 1, 101, 'a');
INSERT INTO goods VALUES (2, 'bolt', 5, 1, 10, 'c');
INSERT INTO goods VALUES (NULL, 'x', -5, 1, 10, 'c');
INSERT INTO goods VALUES (1, 'bolt', 5, 1, 10, 'a'), (3, 'bolt', -1, 1, 10, 'a');
INSERT INTO goods VALUES (3, 'bolt', -1, 1, 10, 'a'), (1, 'bolt', 5, 1, 10, 'a');
-- nulls fulfil a condition
INSERT INTO goods (id) VALUES (2);
UPDATE goods SET price = 0 WHERE id = 1;
UPDATE goods SET stock = stock * 100;
UPDATE goods SET stock = 20 WHERE id = 1;
INSERT INTO goods VALUES (1, 'nut', 5) ON CONFLICT (id) DO UPDATE SET stock = -1;
INSERT INTO goods VALUES (1, 'nut', -5) ON CONFLICT (id) DO NOTHING;
SELECT * FROM goods ORDER BY id;
\set VERBOSITY default
SELECT conname, contype, condeferrable, condeferred, convalidated, conkey, conislocal, connoinherit, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = 'goods'::regclass ORDER BY conname;
SELECT constraint_name, constraint_type, is_deferrable, initially_deferred, enforced FROM information_schema.table_constraints WHERE table_name = 'goods' AND constraint_name NOT LIKE '%not_null' ORDER BY 1;
SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_name LIKE 'goods%' OR constraint_name = 'positive' ORDER BY 1;
SELECT constraint_name, column_name FROM information_schema.constraint_column_usage WHERE table_name = 'goods' ORDER BY 1, 2;
-- what a condition may be
\set VERBOSITY verbose
CREATE TABLE bad (a int CHECK (a));
CREATE TABLE bad (a int CHECK (b > 0));
CREATE TABLE bad (a int CHECK (a > (SELECT 1)));
CREATE TABLE bad (a int CHECK (EXISTS (SELECT 1)));
CREATE TABLE bad (a int CHECK (sum(a) > 0));
CREATE TABLE bad (a int CHECK (a > 'x'));
CREATE TABLE bad (a int CHECK (a > 0) DEFERRABLE);
CREATE TABLE bad (a int, CHECK (a > 0) DEFERRABLE);
CREATE TABLE bad (a int, UNIQUE (a) NOT VALID);
CREATE TABLE bad (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT c CHECK (a > 1));
\set VERBOSITY default
-- names that are made up
CREATE TABLE names (a int CHECK (a > 0) CHECK (a > 1), b int CHECK (a > b), CONSTRAINT names_check CHECK (b > 0) NO INHERIT, CHECK (a <> b), CHECK (true));
\d names
-- how conditions are shown
CREATE TABLE shown (a int, b numeric, c text, d varchar(5), e float8, f boolean, g date, h int[],
  CONSTRAINT c01 CHECK (a > -5 OR (b > 0 AND b < 10.5) OR NOT f),
  CONSTRAINT c02 CHECK (b * 2 + 1 > a),
  CONSTRAINT c03 CHECK (c LIKE '%x%' OR c ILIKE 'it''s'),
  CONSTRAINT c04 CHECK (d IN ('a', 'b')),
  CONSTRAINT c05 CHECK (e > 0),
  CONSTRAINT c06 CHECK (f),
  CONSTRAINT c07 CHECK (g > '2020-01-01'),
  CONSTRAINT c08 CHECK (c IS NOT NULL AND d IS NULL),
  CONSTRAINT c09 CHECK (a NOT IN (1, 2, 3)),
  CONSTRAINT c10 CHECK (a::bigint > 3),
  CONSTRAINT c11 CHECK (length(d) = 3 AND upper(c) = c),
  CONSTRAINT c12 CHECK ((a + 1) * 2 < 10),
  CONSTRAINT c13 CHECK (coalesce(a, 0) >= 0),
  CONSTRAINT c14 CHECK (a = 1 OR a = 2),
  CONSTRAINT c15 CHECK (d = 'x' OR d <> c),
  CONSTRAINT c16 CHECK (NOT (a > 1 AND b > 1)),
  CONSTRAINT c17 CHECK (a IS DISTINCT FROM 4),
  CONSTRAINT c18 CHECK (b = 0.5 OR e = 0.5));
\d shown
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'shown'::regclass ORDER BY conname;
-- constraints and plain indexes
CREATE TABLE keys (a int PRIMARY KEY, b int UNIQUE, c int);
CREATE UNIQUE INDEX keys_c ON keys (c);
\d keys
DROP INDEX keys_b_key;
DROP INDEX keys_pkey;
DROP INDEX keys_c;
DROP TABLE goods, names, shown, keys;
