package io.alidade.sql.session;

import io.alidade.engine.search.SearchOptions;

/// Reads how hard nearest-neighbour searches shall try from a session's settings.
final class SearchSettings {

  private SearchSettings() {}

  static SearchOptions of(SessionSettings settings) {
    return new SearchOptions(
        Integer.parseInt(settings.get(ServerSettings.EF_SEARCH)),
        settings.isOn(ServerSettings.EXACT)
            ? SearchOptions.Mode.EXACT
            : SearchOptions.Mode.APPROXIMATE);
  }
}
