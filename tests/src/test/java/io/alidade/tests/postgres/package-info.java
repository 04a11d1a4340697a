/// Real PostgreSQL clients against a real server: psql, pgjdbc, pgvector's Java library.
@NullMarked
package io.alidade.tests.postgres;

import org.jspecify.annotations.NullMarked;
