package io.alidade.pgwire.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.DatabaseException.Field;
import io.alidade.model.codec.ByteSink;
import io.alidade.model.codec.TypeOids;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.pgwire.message.Format;
import io.alidade.sql.Portal.CopyFormat;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.Session.TransactionStatus;

/// Writes the server's messages.
public final class BackendWriter {

  private BackendWriter() {}

  /// Appends a message.
  public static void write(BackendMessage message, ByteSink out) {
    switch (message) {
      case BackendMessage.AuthenticationOk() -> {
        int start = start(out, 'R');
        finish(out.putInt(0), start);
      }
      case BackendMessage.NegotiateProtocolVersion negotiate -> negotiate(negotiate, out);
      case BackendMessage.ParameterStatus(var name, var value) -> {
        int start = start(out, 'S');
        finish(text(text(out, name), value), start);
      }
      case BackendMessage.BackendKeyData(var processId, var key) -> {
        int start = start(out, 'K');
        finish(out.putInt(processId).putBytes(key), start);
      }
      case BackendMessage.ReadyForQuery(var status) -> {
        int start = start(out, 'Z');
        finish(out.putByte(statusByte(status)), start);
      }
      case BackendMessage.RowDescription description -> rowDescription(description, out);
      case BackendMessage.ParameterDescription(var oids) -> {
        int start = start(out, 't');
        out.putShort(oids.size());
        oids.forEach(out::putInt);
        finish(out, start);
      }
      case BackendMessage.NoData() -> empty(out, 'n');
      case BackendMessage.ParseComplete() -> empty(out, '1');
      case BackendMessage.BindComplete() -> empty(out, '2');
      case BackendMessage.CloseComplete() -> empty(out, '3');
      case BackendMessage.PortalSuspended() -> empty(out, 's');
      case BackendMessage.CommandComplete(var tag) -> {
        int start = start(out, 'C');
        finish(text(out, tag), start);
      }
      case BackendMessage.EmptyQueryResponse() -> empty(out, 'I');
      case BackendMessage.CopyInResponse(var format, var columns) ->
          copyResponse('G', format, columns, out);
      case BackendMessage.CopyOutResponse(var format, var columns) ->
          copyResponse('H', format, columns, out);
      case BackendMessage.CopyData(var data) -> {
        int start = start(out, 'd');
        finish(out.putBytes(data), start);
      }
      case BackendMessage.CopyDone() -> empty(out, 'c');
      case BackendMessage.ErrorResponse(var severity, var error, var position) ->
          report('E', severity, error, position, out);
      case BackendMessage.NoticeResponse(var severity, var notice) ->
          report('N', severity, notice, 0, out);
    }
  }

  /// Begins a message; its length is written by [#finish].
  static int start(ByteSink out, char type) {
    out.putByte(type);
    int start = out.size();
    out.putInt(0);
    return start;
  }

  static void finish(ByteSink out, int start) {
    out.setInt(start, out.size() - start);
  }

  private static void empty(ByteSink out, char type) {
    out.putByte(type).putInt(Integer.BYTES);
  }

  private static ByteSink text(ByteSink out, String text) {
    return out.putUtf8(text).putByte(0);
  }

  private static char statusByte(TransactionStatus status) {
    return switch (status) {
      case IDLE -> 'I';
      case IN_TRANSACTION -> 'T';
      case FAILED -> 'E';
    };
  }

  private static void negotiate(BackendMessage.NegotiateProtocolVersion message, ByteSink out) {
    int start = start(out, 'v');
    out.putInt(3 << 16 | message.minor()).putInt(message.unknownOptions().size());
    message.unknownOptions().forEach(option -> text(out, option));
    finish(out, start);
  }

  private static void rowDescription(BackendMessage.RowDescription message, ByteSink out) {
    int start = start(out, 'T');
    out.putShort(message.columns().size());
    for (int i = 0; i < message.columns().size(); i++) {
      ResultColumn column = message.columns().get(i);
      text(out, column.name());
      out.putInt(column.tableOid());
      out.putShort(column.attributeNumber());
      out.putInt(TypeOids.oid(column.type()));
      out.putShort(TypeOids.length(column.type()));
      out.putInt(TypeOids.typeModifier(column.type()));
      out.putShort(message.formats().get(i).code());
    }
    finish(out, start);
  }

  private static void copyResponse(char type, CopyFormat format, int columns, ByteSink out) {
    int start = start(out, type);
    short code = format == CopyFormat.BINARY ? Format.BINARY.code() : Format.TEXT.code();
    out.putByte(code).putShort(columns);
    for (int i = 0; i < columns; i++) {
      out.putShort(code);
    }
    finish(out, start);
  }

  private static void report(
      char type, String severity, DatabaseException error, int position, ByteSink out) {
    int start = start(out, type);
    field(out, 'S', severity);
    field(out, 'V', severity);
    field(out, 'C', error.state().code());
    field(out, 'M', error.message());
    if (position > 0) {
      field(out, 'P', Integer.toString(position));
    }
    for (Field field : Field.values()) {
      error.field(field).ifPresent(value -> field(out, fieldType(field), value));
    }
    out.putByte(0);
    finish(out, start);
  }

  private static void field(ByteSink out, char type, String value) {
    // A NUL would end the field too early: nothing of ours has one, but texts of clients may.
    text(out.putByte(type), value.indexOf('\0') < 0 ? value : value.replace('\0', ' '));
  }

  private static char fieldType(Field field) {
    return switch (field) {
      case DETAIL -> 'D';
      case HINT -> 'H';
      case WHERE -> 'W';
      case SCHEMA -> 's';
      case TABLE -> 't';
      case COLUMN -> 'c';
      case DATA_TYPE -> 'd';
      case CONSTRAINT -> 'n';
    };
  }
}
