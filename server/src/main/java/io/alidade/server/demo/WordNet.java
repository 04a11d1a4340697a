package io.alidade.server.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/// All synsets of WordNet 3.1, in an order whose every beginning is spread over the whole of it.
///
/// The order is fixed, so a table that holds the first thousand can be made to hold the first ten
/// thousand by adding to it.
public final class WordNet {
  private static final List<POS> PARTS = List.of(POS.NOUN, POS.VERB, POS.ADJECTIVE, POS.ADVERB);
  private static final long ID_OF_PART = 100_000_000L;

  /// The golden section: steps of this share of a circle fill it evenly, however many are made.
  private static final double STEP = 0.6180339887498949;

  private WordNet() {}

  /// Reads WordNet from the class path; takes about two seconds.
  ///
  /// @throws JWNLException if its files cannot be read
  public static List<Synset> read() throws JWNLException {
    Dictionary dictionary = Dictionary.getDefaultResourceInstance();
    List<Synset> synsets = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      Iterator<net.sf.extjwnl.data.Synset> found = dictionary.getSynsetIterator(PARTS.get(part));
      while (found.hasNext()) {
        synsets.add(synset(part, found.next()));
      }
    }
    dictionary.close();
    return spread(synsets);
  }

  private static Synset synset(int part, net.sf.extjwnl.data.Synset synset) {
    List<String> lemmas = synset.getWords().stream().map(Word::getLemma).toList();
    return new Synset(
        (part + 1) * ID_OF_PART + synset.getOffset(),
        lemmas.getFirst(),
        PARTS.get(part).getLabel(),
        synset.getGloss(),
        lemmas);
  }

  /// Visits the elements in steps of a length that has no factor in common with their number, so
  /// that each is visited once.
  static <T> List<T> spread(List<T> elements) {
    int size = elements.size();
    if (size < 2) {
      return elements;
    }
    int step = Math.max(1, (int) Math.round(size * STEP));
    while (greatestCommonDivisor(size, step) != 1) {
      step++;
    }
    List<T> ordered = new ArrayList<>(Collections.nCopies(size, elements.getFirst()));
    for (int i = 0; i < size; i++) {
      ordered.set(i, elements.get((int) ((long) i * step % size)));
    }
    return ordered;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
