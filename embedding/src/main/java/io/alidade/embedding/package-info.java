/// A text embedder that runs inside the process, from files on the class path.
///
/// Here: the tokenizer of BERT's family and all-MiniLM-L6-v2 run by ONNX Runtime. Not here: what an
/// embedder is (`engine.TextEmbedder`), and who calls it (`server` wires it into SQL's `embed()`).
/// Start at [io.alidade.embedding.MiniLmEmbedder].
@NullMarked
package io.alidade.embedding;

import org.jspecify.annotations.NullMarked;
