package io.alidade.pgwire.message;

import io.alidade.model.DatabaseException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client sends.
public sealed interface FrontendMessage {

  /// What comes first on a connection, before there is a session.
  sealed interface Opening extends FrontendMessage {

    /// Asks for TLS.
    record SslRequest() implements Opening {}

    /// Asks for encryption by GSSAPI.
    record GssEncryptionRequest() implements Opening {}

    /// Asks, on a connection of its own, to end what a session is running.
    record CancelRequest(int processId, byte[] key) implements Opening {}

    /// Opens a session.
    ///
    /// @param major the protocol's version
    /// @param parameters in the order sent
    record Startup(int major, int minor, Map<String, String> parameters) implements Opening {}
  }

  /// Runs the statements of a text.
  record Query(String text) implements FrontendMessage {}

  /// Prepares a statement.
  ///
  /// @param parameterTypes OIDs; 0 leaves a type to the server
  record Parse(String statement, String text, List<Integer> parameterTypes)
      implements FrontendMessage {}

  /// Binds values to a prepared statement.
  ///
  /// @param parameterFormats codes: none for all in text, one for all, or one for each
  /// @param values what was sent for each parameter, null for SQL NULL
  /// @param resultFormats codes, by the same rule, for the columns
  record Bind(
      String portal,
      String statement,
      short[] parameterFormats,
      List<@Nullable ByteBuffer> values,
      short[] resultFormats)
      implements FrontendMessage {}

  /// Asks what a statement or portal takes and gives.
  record Describe(Target target, String name) implements FrontendMessage {}

  /// Runs a portal.
  ///
  /// @param maxRows how many rows to give at most; 0 for all
  record Execute(String portal, int maxRows) implements FrontendMessage {}

  /// Forgets a statement or portal.
  record Close(Target target, String name) implements FrontendMessage {}

  /// Ends a batch of extended messages: errors are skipped to here, and the implicit transaction
  /// ends.
  record Sync() implements FrontendMessage {}

  /// Asks for all answers so far.
  record Flush() implements FrontendMessage {}

  /// A piece of what COPY reads.
  record CopyData(ByteBuffer data) implements FrontendMessage {}

  /// The end of what COPY reads.
  record CopyDone() implements FrontendMessage {}

  /// Gives up a COPY.
  record CopyFail(String reason) implements FrontendMessage {}

  /// Calls a function by its OID, as only very old clients do.
  record FunctionCall() implements FrontendMessage {}

  /// An answer to a request for a password.
  record Password() implements FrontendMessage {}

  /// Says goodbye.
  record Terminate() implements FrontendMessage {}

  /// A message that could not be read, or was over the limit. What follows it can be.
  ///
  /// @param type the first byte
  /// @param error what to tell the client
  record Unreadable(char type, DatabaseException error) implements FrontendMessage {}

  /// Bytes that are no message of the protocol, after which nothing can be read any more.
  record Broken(DatabaseException error) implements FrontendMessage {}

  /// What Describe and Close are about.
  enum Target {
    STATEMENT,
    PORTAL
  }
}
