package io.alidade.pgwire.message;

import io.alidade.model.DatabaseException;
import io.alidade.sql.Portal.CopyFormat;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.Session.TransactionStatus;
import java.util.List;

/// What the server sends, other than rows.
public sealed interface BackendMessage {

  record AuthenticationOk() implements BackendMessage {}

  /// Says which minor version of the protocol is spoken, and which asked-for options are not known.
  record NegotiateProtocolVersion(int minor, List<String> unknownOptions)
      implements BackendMessage {}

  record ParameterStatus(String name, String value) implements BackendMessage {}

  /// What a client needs to ask for a cancel.
  record BackendKeyData(int processId, byte[] key) implements BackendMessage {}

  record ReadyForQuery(TransactionStatus status) implements BackendMessage {}

  /// The columns of what follows.
  ///
  /// @param formats one for each column
  record RowDescription(List<ResultColumn> columns, List<Format> formats)
      implements BackendMessage {}

  /// The parameters of a statement.
  ///
  /// @param typeOids one for each parameter
  record ParameterDescription(List<Integer> typeOids) implements BackendMessage {}

  record NoData() implements BackendMessage {}

  record ParseComplete() implements BackendMessage {}

  record BindComplete() implements BackendMessage {}

  record CloseComplete() implements BackendMessage {}

  record PortalSuspended() implements BackendMessage {}

  record CommandComplete(String tag) implements BackendMessage {}

  record EmptyQueryResponse() implements BackendMessage {}

  record CopyInResponse(CopyFormat format, int columns) implements BackendMessage {}

  record CopyOutResponse(CopyFormat format, int columns) implements BackendMessage {}

  record CopyData(byte[] data) implements BackendMessage {}

  record CopyDone() implements BackendMessage {}

  /// An error, which ends a statement or the connection.
  ///
  /// @param severity `ERROR` or `FATAL`
  /// @param position 1-based, in characters of what the client sent; 0 for none
  record ErrorResponse(String severity, DatabaseException error, int position)
      implements BackendMessage {}

  /// A message that is no error.
  ///
  /// @param severity such as `WARNING`
  record NoticeResponse(String severity, DatabaseException notice) implements BackendMessage {}
}
