package io.alidade.server.demo;

import java.util.List;

/// One meaning in WordNet, and the words that have it.
///
/// @param id the part of speech (1 noun, 2 verb, 3 adjective, 4 adverb) times 100,000,000, plus
///   WordNet's offset of the synset: the number that WordNet's Prolog files use
public record Synset(
    long id, String word, String partOfSpeech, String gloss, List<String> lemmas) {}
