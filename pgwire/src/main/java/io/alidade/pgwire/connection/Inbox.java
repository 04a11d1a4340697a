package io.alidade.pgwire.connection;

import io.alidade.pgwire.codec.Received;
import io.alidade.pgwire.message.FrontendMessage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The messages of one client that wait to be done.
///
/// Filled by the event loop and emptied by the conversation. It is bounded in that, over a limit,
/// the event loop reads nothing more from the network; what it read last may pass the limit.
final class Inbox {

  private final ConcurrentLinkedQueue<Received> messages = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private final ConnectionLimits limits;

  Inbox(ConnectionLimits limits) {
    this.limits = limits;
  }

  void add(Received received) {
    bytes.addAndGet(received.bytes());
    count.incrementAndGet();
    messages.add(received);
  }

  @Nullable FrontendMessage poll() {
    Received received = messages.poll();
    if (received == null) {
      return null;
    }
    count.decrementAndGet();
    bytes.addAndGet(-received.bytes());
    return received.message();
  }

  boolean isOverLimit() {
    return bytes.get() > limits.inboundBytes() || count.get() > limits.inboundMessages();
  }

  /// Whether so little waits that reading should go on.
  boolean isHalfEmpty() {
    return bytes.get() <= limits.inboundBytes() / 2 && count.get() <= limits.inboundMessages() / 2;
  }

  void clear() {
    while (poll() != null) {
      // Each is taken off the counts.
    }
  }
}
