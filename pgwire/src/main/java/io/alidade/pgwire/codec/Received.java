package io.alidade.pgwire.codec;

import io.alidade.pgwire.message.FrontendMessage;

/// A message with the number of bytes it took on the wire, by which queues are bounded.
public record Received(FrontendMessage message, int bytes) {}
