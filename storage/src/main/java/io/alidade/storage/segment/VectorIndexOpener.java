package io.alidade.storage.segment;

import io.alidade.engine.hnsw.CorruptGraphException;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.memory.MemoryAdvice;
import io.alidade.engine.quantization.CorruptCodesException;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.VectorStore;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.VectorIndexOptions.CodePlacement;
import io.alidade.storage.catalog.VectorIndexOptions.Residence;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens a saved vector index, whose file was read and checked already, in the form its options ask
/// for.
///
/// @param memory for an index that is to be pinned
record VectorIndexOpener(
    ChecksummedFile file, IndexDefinition index, SealedSegment segment, PinnedMemory memory) {
  private static final Logger LOG = LoggerFactory.getLogger(VectorIndexOpener.class);

  /// Where graph and codes are used, and what frees them.
  private record Place(MemorySegment graph, Optional<MemorySegment> codes, VectorIndex.Home home) {}

  /// @param form of the file; see [SealedSegment#indexSaved]
  record Opened(VectorIndex index, String form) {}

  /// @param header read up to what only vector indexes have
  Opened open(ByteBuffer header) throws CorruptFileException {
    String coding = coding(header);
    CodePlacement placement = placement(header);
    MemorySegment graph = file.unverifiedSection(SegmentFiles.GRAPH);
    Optional<MemorySegment> codes =
        file.sectionNames().contains(SegmentFiles.CODES)
            ? Optional.of(file.unverifiedSection(SegmentFiles.CODES))
            : Optional.empty();
    Place place = place(graph, codes);
    try {
      VectorIndex opened = open(place, coding);
      if (index.vectorOptions().residence() == Residence.COLD) {
        advise(place, MemoryAdvice.Advice.PAGE_OUT); // Checking has read them.
        // What lies around a page that a walk reads is not what it reads next.
        advise(place, MemoryAdvice.Advice.RANDOM);
      }
      return new Opened(opened, VectorIndex.Coded.form(coding, placement));
    } catch (CorruptFileException | RuntimeException | Error e) {
      if (place.home instanceof VectorIndex.Home.Pinned(var copy)) {
        copy.close();
      }
      throw e;
    }
  }

  private String coding(ByteBuffer header) throws CorruptFileException {
    if (!header.hasRemaining()) {
      return ""; // Written before there were codes.
    }
    try {
      byte[] coding = new byte[header.getInt()];
      header.get(coding);
      return new String(coding, StandardCharsets.UTF_8);
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new CorruptFileException(
          file.path(), file.sectionOffset(SegmentFiles.HEADER), "the coding is cut short");
    }
  }

  private CodePlacement placement(ByteBuffer header) throws CorruptFileException {
    if (!header.hasRemaining()) {
      return CodePlacement.APART; // Written before there was a choice.
    }
    int number = header.remaining() < Integer.BYTES ? -1 : header.getInt();
    Optional<CodePlacement> placement = SegmentFiles.codePlacement(number);
    if (placement.isEmpty()) {
      throw new CorruptFileException(
          file.path(), file.sectionOffset(SegmentFiles.HEADER), "codes at place " + number);
    }
    return placement.get();
  }

  private Place place(MemorySegment graph, Optional<MemorySegment> codes) {
    if (index.vectorOptions().residence() == Residence.PINNED) {
      long bytes = graph.byteSize() + codes.map(MemorySegment::byteSize).orElse(0L);
      Optional<PinnedCopy> copy = PinnedCopy.of(memory, bytes);
      if (copy.isPresent()) {
        return new Place(
            copy.get().add(graph),
            codes.map(copy.get()::add),
            new VectorIndex.Home.Pinned(copy.get()));
      }
      LOG.warn(
          "index {} is cached, not pinned: its {} bytes do not fit into"
              + " alidade.pinned_memory_limit",
          index.name(),
          bytes);
    }
    return index.vectorOptions().residence() == Residence.COLD
        ? new Place(graph, codes, new VectorIndex.Home.Mapped(VectorIndexReport.Form.COLD))
        : cached(graph, codes);
  }

  private static Place cached(MemorySegment graph, Optional<MemorySegment> codes) {
    Place place =
        new Place(graph, codes, new VectorIndex.Home.Mapped(VectorIndexReport.Form.CACHED));
    advise(place, MemoryAdvice.Advice.WILL_NEED);
    return place;
  }

  private static void advise(Place place, MemoryAdvice.Advice advice) {
    Sections.advise(place.graph, advice);
    place.codes.ifPresent(codes -> Sections.advise(codes, advice));
  }

  private VectorIndex open(Place place, String coding) throws CorruptFileException {
    VectorStore vectors = segment.vectors(index.keys().getFirst().column());
    try {
      Optional<VectorCodes> codes = Optional.empty();
      if (place.codes.isPresent()) {
        MemorySegment bytes = place.codes.get();
        codes = Optional.of(VectorCodes.open(vectors, bytes.address(), bytes.byteSize()));
        if (codes.get().codec().distance() != VectorIndex.distance(index)) {
          throw new CorruptCodesException("codes for " + codes.get().codec().distance(), 0);
        }
      }
      HnswIndex graph =
          HnswIndex.open(
              VectorIndex.distance(index),
              vectors,
              place.graph.address(),
              place.graph.byteSize(),
              codes);
      if (codes.isPresent() && codes.get().reserved() < graph.indexedCount()) {
        throw new CorruptCodesException(
            codes.get().reserved() + " codes of " + graph.indexedCount() + " rows", 0);
      }
      return VectorIndex.opened(index, vectors, graph, place.home, coding);
    } catch (CorruptGraphException e) {
      throw corrupt(SegmentFiles.GRAPH, e.offset(), e);
    } catch (CorruptCodesException e) {
      throw corrupt(SegmentFiles.CODES, e.offset(), e);
    }
  }

  private CorruptFileException corrupt(String section, long offset, Exception problem)
      throws CorruptFileException {
    return new CorruptFileException(
        file.path(), file.sectionOffset(section) + offset, section + ": " + problem.getMessage());
  }
}
