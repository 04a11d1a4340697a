package io.alidade.pgwire;

import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.SqlEngine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine whose sessions understand a few words, to test the protocol by itself.
final class FakeEngine implements SqlEngine {

  final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
  private final AtomicInteger processIds = new AtomicInteger(1000);

  @Override
  public Session openSession(SessionRequest request, SessionListener listener) {
    FakeSession session = new FakeSession(request, listener, processIds.incrementAndGet());
    sessions.add(session);
    return session;
  }

  FakeSession last() {
    return sessions.getLast();
  }

  @Override
  public void close() {}
}
