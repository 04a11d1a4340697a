package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.sql.PreparedStatement;
import io.alidade.sql.ResultColumn;
import java.util.List;
import java.util.Optional;

/// A prepared statement of a session: its text, and what it was compiled to last.
///
/// @param statement what was prepared
/// @param declared the parameter types that the client declared
/// @param compilation what it was compiled to, and from which definitions
record Prepared(
    StatementText statement, List<Optional<ColumnType>> declared, Compilation compilation)
    implements PreparedStatement {

  @Override
  public List<ColumnType> parameterTypes() {
    return compilation.compiled().parameterTypes();
  }

  @Override
  public List<ResultColumn> columns() {
    return compilation.compiled().columns();
  }

  Prepared with(Compilation newCompilation) {
    return new Prepared(statement, declared, newCompilation);
  }
}
