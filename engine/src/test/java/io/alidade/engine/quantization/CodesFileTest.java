package io.alidade.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CodesFileTest {
  private static final long SEED = TestSeed.generator().nextLong();
  private static final int ROWS = 70;
  private static final int HEADER = 64;

  private final OffHeapArea memory = new OffHeapArea();

  @ParameterizedTest
  @MethodSource("io.alidade.engine.quantization.CodecContractTest#methodsAndDistances")
  void savedCodesGiveTheSameKeys(Quantization method, Distance distance) throws Exception {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(ROWS, 70, SEED);
        VectorCodes codes = CodecContractTest.codes(method, distance, vectors)) {
      byte[] bytes = saved(codes);
      VectorCodes opened = VectorCodes.open(vectors, place(bytes), bytes.length);
      assertThat(opened.codec().method()).isEqualTo(method);
      assertThat(opened.codec().distance()).isEqualTo(distance);
      assertThat(opened.reserved()).isEqualTo(ROWS);
      EstimatingScorer before = codes.newScorer();
      EstimatingScorer after = opened.newScorer();
      before.setQuery(vectors.toArray(3));
      after.setQuery(vectors.toArray(3));
      for (int i = 0; i < ROWS; i++) {
        assertThat(after.key(i)).isEqualTo(before.key(i));
        assertThat(after.errorOf(i)).isEqualTo(before.errorOf(i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.alidade.engine.quantization.CodecContractTest#methods")
  void noDamageToTheHeaderOrTheTrainingGoesUnnoticed(Quantization method) throws Exception {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(ROWS, 20, SEED);
        VectorCodes codes = CodecContractTest.codes(method, Distance.L2, vectors)) {
      byte[] bytes = saved(codes);
      int trained = bytes.length - ROWS * codes.codec().recordBytes();
      int step = Math.max(1, trained / 500);
      for (int at = 0; at < trained; at += at < HEADER ? 1 : step) {
        for (int flip : new int[] {1, 0x80, 0xff}) {
          byte[] damaged = bytes.clone();
          damaged[at] ^= (byte) flip;
          long address = place(damaged);
          assertThatThrownBy(() -> VectorCodes.open(vectors, address, damaged.length))
              .as("byte %d", at)
              .isInstanceOf(CorruptCodesException.class);
        }
      }
    }
  }

  @Test
  void missingBytesAndForeignCodesAreRefused() throws Exception {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(ROWS, 20, SEED);
        NativeVectors others = CodeRows.LIKE_EMBEDDINGS.of(ROWS, 21, SEED);
        NativeVectors fewer = CodeRows.LIKE_EMBEDDINGS.of(ROWS - 1, 20, SEED);
        VectorCodes codes =
            CodecContractTest.codes(Quantization.BINARY, Distance.COSINE, vectors)) {
      byte[] bytes = saved(codes);
      long address = place(bytes);
      for (int length = 0; length < bytes.length; length += 7) {
        int kept = length;
        assertThatThrownBy(() -> VectorCodes.open(vectors, address, kept))
            .isInstanceOf(CorruptCodesException.class);
      }
      assertThatThrownBy(() -> VectorCodes.open(others, address, bytes.length))
          .isInstanceOf(CorruptCodesException.class);
      assertThatThrownBy(() -> VectorCodes.open(fewer, address, bytes.length))
          .isInstanceOf(CorruptCodesException.class);
    }
  }

  @Test
  void damagedRecordsGiveSomeKeys() throws Exception {
    for (Quantization method : CodecContractTest.methods()) {
      try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(ROWS, 20, SEED);
          VectorCodes codes = CodecContractTest.codes(method, Distance.L2, vectors)) {
        byte[] bytes = saved(codes);
        for (int at = bytes.length - ROWS * codes.codec().recordBytes(); at < bytes.length; at++) {
          bytes[at] ^= (byte) 0xff;
        }
        EstimatingScorer scorer = VectorCodes.open(vectors, place(bytes), bytes.length).newScorer();
        scorer.setQuery(vectors.toArray(0));
        float[] keys = new float[ROWS];
        scorer.keys(0, ROWS, keys);
        assertThat(keys).hasSize(ROWS);
      }
    }
  }

  private static byte[] saved(VectorCodes codes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codes.writeTo(Channels.newChannel(out), ROWS);
    assertThat(out.size()).isEqualTo((int) codes.savedBytes(ROWS));
    return out.toByteArray();
  }

  private long place(byte[] bytes) {
    long address = memory.allocate(bytes.length);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, AddressSpace.ALL, address, bytes.length);
    return address;
  }
}
