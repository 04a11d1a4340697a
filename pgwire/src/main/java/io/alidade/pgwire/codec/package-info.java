/// The protocol's bytes: from the network to [io.alidade.pgwire.message.FrontendMessage] with
/// limits on every length, and from [io.alidade.pgwire.message.BackendMessage] and rows to the
/// network.
///
/// A message is its type (one byte), its length (int32, itself included) and its body; those before
/// a session have no type. Numbers are big-endian, texts UTF-8 that ends with a NUL. Values within
/// messages are the concern of [io.alidade.model.codec].
///
/// Start with [FrontendDecoder].
@NullMarked
package io.alidade.pgwire.codec;

import org.jspecify.annotations.NullMarked;
