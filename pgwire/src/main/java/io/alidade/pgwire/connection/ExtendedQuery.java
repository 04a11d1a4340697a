package io.alidade.pgwire.connection;

import io.alidade.model.codec.TypeOids;
import io.alidade.pgwire.message.BackendMessage;
import io.alidade.pgwire.message.Format;
import io.alidade.pgwire.message.FrontendMessage;
import io.alidade.sql.Portal;
import io.alidade.sql.PreparedStatement;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The messages of the extended query protocol, one by one: each calls the session and answers.
final class ExtendedQuery {

  private final Session session;
  private final ClientOutput output;

  /// The formats that Bind asked for, by portal; a portal opened otherwise gives text.
  private final Map<String, List<Format>> formats = new HashMap<>();

  private String lastText = "";

  ExtendedQuery(Session session, ClientOutput output) {
    this.session = session;
    this.output = output;
  }

  /// The text that an error's position may point into.
  String lastText() {
    return lastText;
  }

  /// Portals end with their transaction.
  void forgetPortals() {
    formats.clear();
  }

  void parse(FrontendMessage.Parse message) {
    lastText = message.text();
    session.prepare(
        message.statement(), message.text(), BindValues.declaredTypes(message.parameterTypes()));
    output.write(new BackendMessage.ParseComplete());
  }

  void bind(FrontendMessage.Bind message) {
    PreparedStatement statement = session.preparedStatement(message.statement());
    var values = BindValues.decode(message, statement, output.zone());
    List<Format> resultFormats =
        BindValues.resultFormats(message.resultFormats(), statement.columns().size());
    session.bind(message.portal(), message.statement(), values);
    formats.put(message.portal(), resultFormats);
    output.write(new BackendMessage.BindComplete());
  }

  void describe(FrontendMessage.Describe message) {
    switch (message.target()) {
      case STATEMENT -> {
        PreparedStatement statement = session.preparedStatement(message.name());
        output.write(
            new BackendMessage.ParameterDescription(
                statement.parameterTypes().stream().map(TypeOids::oid).toList()));
        describe(
            statement.columns(),
            BindValues.resultFormats(new short[0], statement.columns().size()));
      }
      case PORTAL -> {
        Portal portal = session.portal(message.name());
        describe(portal.columns(), formatsOf(message.name(), portal));
      }
    }
  }

  private void describe(List<ResultColumn> columns, List<Format> columnFormats) {
    output.write(
        columns.isEmpty()
            ? new BackendMessage.NoData()
            : new BackendMessage.RowDescription(columns, columnFormats));
  }

  PortalRun execute(FrontendMessage.Execute message) {
    Portal portal = session.portal(message.portal());
    return new PortalRun(
        portal,
        PortalRun.Mode.EXTENDED,
        formatsOf(message.portal(), portal),
        Math.max(0, message.maxRows()),
        output);
  }

  void close(FrontendMessage.Close message) {
    switch (message.target()) {
      case STATEMENT -> session.closeStatement(message.name());
      case PORTAL -> {
        formats.remove(message.name());
        session.closePortal(message.name());
      }
    }
    output.write(new BackendMessage.CloseComplete());
  }

  private List<Format> formatsOf(String portalName, Portal portal) {
    List<Format> chosen = formats.get(portalName);
    int columns = portal.columns().size();
    return chosen != null && chosen.size() == columns
        ? chosen
        : BindValues.resultFormats(new short[0], columns);
  }
}
