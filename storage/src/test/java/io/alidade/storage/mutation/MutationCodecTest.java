package io.alidade.storage.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.storage.catalog.CatalogChange;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutationCodecTest {
  private static GrowingBytes payload() {
    GrowingBytes out = new GrowingBytes();
    MutationCodec.begin(out);
    MutationCodec.putCatalogChange(out, new CatalogChange.DropTable(17000));
    MutationCodec.putDeleteRows(out, 17001, new long[] {1, 2, 3, 4}, 1, 3);
    MutationCodec.putDiscardRows(out, 17001, 2, new int[] {5, 6}, 0, 2);
    int mark = MutationCodec.beginInsertRows(out, 17001, 2, 1, 0);
    out.putLong(99);
    MutationCodec.endInsertRows(out, mark);
    return out;
  }

  @Test
  void mutationsSurviveTheirBytes() throws MalformedBytesException {
    List<Mutation> mutations = MutationCodec.read(payload().content());
    assertThat(mutations).hasSize(4);
    assertThat(mutations.get(0))
        .isEqualTo(new Mutation.ChangeCatalog(new CatalogChange.DropTable(17000)));
    assertThat(((Mutation.DeleteRows) mutations.get(1)).rowIds()).containsExactly(2, 3);
    assertThat(((Mutation.DiscardRows) mutations.get(2)).numbers()).containsExactly(5, 6);
    Mutation.InsertRows insertion = (Mutation.InsertRows) mutations.get(3);
    assertThat(insertion.generation()).isEqualTo(2);
    assertThat(insertion.rows().bytes().getLong(0)).isEqualTo(99);
  }

  @Test
  void aPayloadThatEndsInsideAMutationIsRefused() throws MalformedBytesException {
    ByteBuffer whole = payload().content();
    int refused = 0;
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer cut = whole.slice(0, length);
      try {
        assertThat(MutationCodec.read(cut).size()).isLessThan(4);
      } catch (MalformedBytesException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.limit() - 5); // All but those between two mutations.
  }

  @Test
  void theTimeOfACommitIsReadBackAndChangesNothingElse() throws MalformedBytesException {
    ByteBuffer payload = payload().content();
    assertThat(MutationCodec.time(payload)).isZero();
    MutationCodec.stamp(payload, 1_234_567_890_123_456L);
    assertThat(MutationCodec.time(payload)).isEqualTo(1_234_567_890_123_456L);
    assertThat(MutationCodec.read(payload)).hasSize(4);
    assertThatThrownBy(() -> MutationCodec.time(payload.slice(0, 8)))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertThatThrownBy(() -> MutationCodec.read(ByteBuffer.wrap(new byte[] {9})))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("version 9");
  }
}
