-- psql's own questions about the catalog, as far as owners and sizes do not show in the answers.
CREATE TABLE t (id int PRIMARY KEY, s text NOT NULL, n numeric(10,2) DEFAULT 0, ts timestamptz, v vector(3), a int[], c varchar(8));
CREATE INDEX t_s ON t (s, n);
CREATE INDEX t_v ON t USING hnsw (v vector_cosine_ops);
\d t
\d t_pkey
\d t_s
\dv
\ds
\dm
\encoding
\d nothing
\dt nothing
DROP TABLE t;
