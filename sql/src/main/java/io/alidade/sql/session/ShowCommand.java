package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.parse.SettingCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SHOW.
final class ShowCommand {

  private static final String ALL = "all";
  private static final short NO_ATTRIBUTE = 0;

  private ShowCommand() {}

  static List<ResultColumn> columns(SettingCommand.Show show, ClientSession session) {
    return show.name().equals(ALL)
        ? List.of(text("name"), text("setting"), text("description"))
        : List.of(text(session.settings().displayName(show.name())));
  }

  private static ResultColumn text(String name) {
    return new ResultColumn(name, ColumnType.TEXT, 0, NO_ATTRIBUTE);
  }

  static Run run(SettingCommand.Show show, ClientSession session) {
    SessionSettings settings = session.settings();
    if (!show.name().equals(ALL)) {
      return new CompletedRun(
          List.<@Nullable Object[]>of(new @Nullable Object[] {settings.get(show.name())}), "SHOW");
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SettingDefinition definition : settings.server().all()) {
      rows.add(
          new @Nullable Object[] {
            definition.name(), settings.get(definition.name()), definition.description()
          });
    }
    return new CompletedRun(rows, "SHOW");
  }
}
