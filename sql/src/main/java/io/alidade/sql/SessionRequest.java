package io.alidade.sql;

import java.util.Map;

/// What a client asks for when it connects.
///
/// @param user the user's name
/// @param database the database's name
/// @param settings the parameters of its startup message other than these two, such as `TimeZone`
///   and `application_name`, and those of its `options` string
public record SessionRequest(String user, String database, Map<String, String> settings) {
  public SessionRequest {
    settings = Map.copyOf(settings);
  }
}
