package io.alidade.engine;

import java.util.List;

/// A model that turns a text into a vector, so that texts of like meaning lie near each other.
///
/// Implementations are safe for use by many threads at once, need no network, and are
/// deterministic: a text gets the same vector each time, whatever is embedded before it or beside
/// it. That is what lets a stored vector be compared with one computed later.
public interface TextEmbedder {
  /// The model's public name, as `all-MiniLM-L6-v2`.
  String modelName();

  /// The length of every vector this model gives.
  int dimensions();

  /// The vector of one text, of Euclidean length 1. A text longer than the model reads is cut
  /// there.
  float[] embed(String text);

  /// The vectors of many texts, in their order.
  List<float[]> embedAll(List<String> texts);
}
