// SPDX-License-Identifier: Apache-2.0
// Holds one index of hnswlib or usearch; the other side of ChildPeer, which explains the protocol.
//
// node node-host.js PACKAGES PEER BASE QUERIES DIMENSIONS ROWS QUERY_COUNT K M EF_CONSTRUCTION SEED
//
// Time is taken around the native calls, processor time as that of the process. hnswlib takes one
// vector a call, as a JavaScript array: what an equal call that does next to nothing takes (a search
// among k points; an addition to a list) is subtracted. usearch takes all vectors in one call.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [packages, peer, baseFile, queriesFile, ...numbers] = process.argv.slice(2);
const [dimensions, rows, queryCount, k, m, efConstruction, seed] = numbers.map(Number);
const CHUNK = 1000;

function load(name) {
  return require(path.join(packages, 'node_modules', name));
}

function floats(file, from, count) {
  const bytes = Buffer.alloc(count * dimensions * 4);
  const descriptor = fs.openSync(file, 'r');
  let at = 0;
  while (at < bytes.length) {
    const read = fs.readSync(
      descriptor, bytes, at, bytes.length - at, from * dimensions * 4 + at);
    if (read === 0) {
      throw new Error(file + ' ends early');
    }
    at += read;
  }
  fs.closeSync(descriptor);
  return new Float32Array(bytes.buffer, bytes.byteOffset, count * dimensions);
}

// Stored rows from all over the set, with which each pass begins untimed; see Workload.
function untimedQueries() {
  const vectors = new Float32Array(queryCount * dimensions);
  for (let i = 0; i < queryCount; i++) {
    vectors.set(floats(baseFile, Math.floor(i * rows / queryCount), 1), i * dimensions);
  }
  return vectors;
}

function split(vectors) {
  return Array.from({ length: vectors.length / dimensions }, (_, i) =>
    Array.from(vectors.subarray(i * dimensions, (i + 1) * dimensions)));
}

// Processor and wall time in nanoseconds, summed over the pieces that are measured.
class Clock {
  cpu = 0;
  wall = 0n;

  measure(work) {
    const begun = process.hrtime.bigint();
    const before = process.cpuUsage();
    const result = work();
    const used = process.cpuUsage(before);
    this.wall += process.hrtime.bigint() - begun;
    this.cpu += (used.user + used.system) * 1000;
    return result;
  }

  less(other) {
    return [Math.max(0, this.cpu - other.cpu), Math.max(0, Number(this.wall - other.wall))];
  }
}

const NOTHING = new Clock();

class Hnswlib {
  constructor() {
    this.library = load('hnswlib-node');
    this.queries = split(floats(queriesFile, 0, queryCount));
  }

  build() {
    this.index = new this.library.HierarchicalNSW('ip', dimensions);
    this.index.initIndex(rows, m, efConstruction, seed);
    const list = new this.library.BruteforceSearch('ip', dimensions);
    list.initIndex(rows);
    const building = new Clock();
    const calling = new Clock();
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from);
      const vectors = split(floats(baseFile, from, count));
      building.measure(() => vectors.forEach((vector, i) => this.index.addPoint(vector, from + i)));
      calling.measure(() => vectors.forEach((vector, i) => list.addPoint(vector, from + i)));
    }
    return building.less(calling);
  }

  save(file) {
    this.index.writeIndexSync(file);
  }

  open(file) {
    this.index = new this.library.HierarchicalNSW('ip', dimensions);
    this.index.readIndexSync(file);
    this.empty = new this.library.HierarchicalNSW('ip', dimensions);
    this.empty.initIndex(k, m, efConstruction, seed);
    const first = floats(baseFile, 0, k);
    for (let i = 0; i < k; i++) {
      this.empty.addPoint(Array.from(first.subarray(i * dimensions, (i + 1) * dimensions)), i);
    }
    this.empty.setEf(k);
    this.untimed = split(untimedQueries());
  }

  search(ef, ids) {
    this.index.setEf(ef);
    const searching = new Clock();
    const calling = new Clock();
    this.untimed.forEach((query) => this.index.searchKnn(query, k));
    const found = searching.measure(() => this.queries.map((query) => this.index.searchKnn(query, k)));
    calling.measure(() => this.queries.map((query) => this.empty.searchKnn(query, k)));
    found.forEach((hits, q) => ids.set(hits.neighbors, q * k));
    return searching.less(calling);
  }
}

class Usearch {
  constructor() {
    this.library = load('usearch');
    this.queries = floats(queriesFile, 0, queryCount);
  }

  create(ef) {
    return new this.library.Index({
      dimensions, metric: 'ip', quantization: 'f32', connectivity: m,
      expansion_add: efConstruction, expansion_search: ef, multi: false });
  }

  build() {
    this.index = this.create(efConstruction);
    const building = new Clock();
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from);
      const keys = BigUint64Array.from({ length: count }, (_, i) => BigInt(from + i));
      const chunk = floats(baseFile, from, count);
      building.measure(() => this.index.add(keys, chunk, 1));
    }
    return building.less(NOTHING);
  }

  save(file) {
    this.index.save(file);
  }

  open(file) {
    this.file = file;
    this.untimed = untimedQueries();
    this.ef = 0;
  }

  search(ef, ids) {
    if (ef !== this.ef) { // It is a property of an index, which can be set only when it is made.
      this.index = null;
      this.index = this.create(ef);
      this.index.load(this.file);
      this.ef = ef;
    }
    this.index.search(this.untimed, k, 1);
    const searching = new Clock();
    const found = searching.measure(() => this.index.search(this.queries, k, 1));
    found.keys.forEach((key, i) => { ids[i] = Number(key); });
    return searching.less(NOTHING);
  }
}

const engine = peer.startsWith('hnswlib') ? new Hnswlib() : new Usearch();
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const words = line.split('\t');
  let figures = [0];
  if (words[0] === 'build') {
    figures = engine.build();
    engine.save(words[1]);
  } else if (words[0] === 'open') {
    engine.open(words[1]);
  } else {
    const ids = new Int32Array(queryCount * k).fill(-1);
    figures = [...engine.search(Number(words[1]), ids), -1];
    fs.writeFileSync(words[2], ids);
  }
  process.stdout.write('peer-answers\t' + figures.join('\t') + '\n');
}).on('close', () => process.exit(0));
