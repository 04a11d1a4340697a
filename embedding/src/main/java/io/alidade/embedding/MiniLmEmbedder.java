package io.alidade.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.alidade.engine.TextEmbedder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sentence model all-MiniLM-L6-v2 with 8-bit weights, run by ONNX Runtime in this process.
///
/// Texts are run one at a time: the model quantizes its activations over the whole input, so in a
/// batch a text's vector would depend on its neighbours. Run several threads instead; each call
/// computes on its caller's thread alone.
///
/// Making one costs nothing. The first text loads the model from the class path, which takes about
/// half a second and some 100 MB outside the heap; callers that come meanwhile wait.
public final class MiniLmEmbedder implements TextEmbedder, AutoCloseable {
  /// The word pieces the model reads, its two markers included; what follows them is not read.
  static final int MAX_TOKENS = 256;

  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
  private static final int DIMENSIONS = 384;

  private final Object loading = new Object();
  private volatile @Nullable Loaded loaded;

  /// The model as ONNX Runtime holds it, outside the heap.
  private record Loaded(
      OrtEnvironment environment, OrtSession session, WordPieceTokenizer tokenizer) {}

  private Loaded loaded() {
    Loaded model = loaded;
    if (model == null) {
      synchronized (loading) {
        model = loaded;
        if (model == null) {
          model = load();
          loaded = model;
        }
      }
    }
    return model;
  }

  private static Loaded load() {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        InputStream vocabulary = resource(TOKENIZER);
        InputStream model = resource(MODEL)) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      WordPieceTokenizer tokenizer = WordPieceTokenizer.read(vocabulary, MAX_TOKENS);
      OrtSession session = environment.createSession(model.readAllBytes(), options);
      return new Loaded(environment, session, tokenizer);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the embedding model from the class path", e);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load the embedding model", e);
    }
  }

  @Override
  public String modelName() {
    return "all-MiniLM-L6-v2";
  }

  @Override
  public int dimensions() {
    return DIMENSIONS;
  }

  @Override
  public float[] embed(String text) {
    Loaded model = loaded();
    OrtEnvironment environment = model.environment();
    long[] tokens = model.tokenizer().tokenize(text);
    long[] shape = {1, tokens.length};
    long[] ones = new long[tokens.length];
    Arrays.fill(ones, 1);
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
        OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[tokens.length]), shape);
        OrtSession.Result result =
            model
                .session()
                .run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      return pool((OnnxTensor) result.get(0), tokens.length);
    } catch (OrtException e) {
      throw new IllegalStateException("the embedding model failed on a text", e);
    }
  }

  @Override
  public List<float[]> embedAll(List<String> texts) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (String text : texts) {
      vectors.add(embed(text));
    }
    return vectors;
  }

  /// Releases the model. Nothing may be embedding meanwhile; a later text would load it again.
  @Override
  public void close() {
    synchronized (loading) {
      Loaded model = loaded;
      loaded = null;
      if (model != null) {
        close(model);
      }
    }
  }

  private static void close(Loaded model) {
    try {
      model.session().close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot release the embedding model", e);
    }
  }

  /// The mean of the tokens' vectors, scaled to length 1.
  private static float[] pool(OnnxTensor hidden, int tokens) {
    FloatBuffer values = hidden.getFloatBuffer();
    double[] sum = new double[DIMENSIONS];
    for (int token = 0; token < tokens; token++) {
      for (int d = 0; d < DIMENSIONS; d++) {
        sum[d] += values.get(token * DIMENSIONS + d);
      }
    }
    double squares = 0;
    for (double s : sum) {
      squares += s * s;
    }
    double length = Math.sqrt(squares);
    float[] vector = new float[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] = (float) (sum[d] / length);
    }
    return vector;
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = MiniLmEmbedder.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(name + " is not on the class path");
    }
    return stream;
  }
}
