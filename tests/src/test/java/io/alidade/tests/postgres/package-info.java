/// Real PostgreSQL clients against a real server: psql, pgjdbc, pgvector's Java library; and what
/// transactions see of each other, beside a real PostgreSQL server. Start with [JdbcTest], and with
/// [Anomaly] for the latter.
@NullMarked
package io.alidade.tests.postgres;

import org.jspecify.annotations.NullMarked;
