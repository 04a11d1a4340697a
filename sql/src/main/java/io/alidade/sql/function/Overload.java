package io.alidade.sql.function;

/// One of several functions or operators of the same name.
public interface Overload {
  Signature signature();
}
