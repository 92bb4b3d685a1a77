/** Retrieval between the two modalities that a model compares, both ways, with all captions of a sample. */
import type { Example } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { recallOf, retrieval } from '../../evaluation/retrieval.ts';
import { averagePrecisions } from '../../evaluation/retrievalPrecision.ts';
import type { Model } from '../model.ts';
import { hasModality } from '../validate.ts';
import { embedAll } from './embedAll.ts';
import { type Measured, mostExamples, type Task, type Tick, weighted } from './task.ts';

export function retrievalTask(model: Model, between: [string, string]): Task {
  return {
    kind: 'retrieval',
    main: 'r1',
    reads: between,
    withMissing: false,
    measure: (data, tick) => measure(model, between, data, tick),
  };
}

async function measure(
  model: Model,
  between: [string, string],
  data: PreparedData,
  tick: Tick,
): Promise<Measured> {
  const pairs = Int32Array.from({ length: data.pairs.count }, (_, pair) => pair).filter((pair) =>
    between.every((modality) => hasModality(data, modality, pair)),
  );
  const place = new Map<number, number>();
  /** Row of each sample's first pair. */
  const first: number[] = [];
  const imageOfText = Int32Array.from(pairs, (pair, row) => {
    const sample = data.pairs.sample[pair];
    let index = place.get(sample);
    if (index === undefined) {
      index = first.push(row) - 1;
      place.set(sample, index);
    }
    return index;
  });
  const { width } = await model.embed();
  const images = await embedAll(
    model,
    data,
    between[0],
    Int32Array.from(first, (row) => pairs[row]),
    (share) => tick(share / 2),
  );
  const texts = await embedAll(model, data, between[1], pairs, (share) => tick((1 + share) / 2));
  const embeddings = { images, texts, width, imageOfText };
  const { imageToText, textToImage } = retrieval(embeddings);
  // With one caption each it is the reciprocal rank.
  const precisions =
    first.length === pairs.length ? imageToText.ranks.map((rank) => 1 / rank) : averagePrecisions(embeddings);
  const reciprocal = textToImage.ranks.map((rank) => 1 / rank);
  const there = (weights?: Float64Array) =>
    figures(imageToText.ranks, precisions, weights && Float64Array.from(first, (row) => weights[row]));
  const back = (weights?: Float64Array) => figures(textToImage.ranks, reciprocal, weights);
  const captions = new Float64Array(first.length);
  for (const image of imageOfText) captions[image]++;
  const [thereChance, backChance] = [
    chanceOf(captions, pairs.length),
    chanceOf(Float64Array.of(1), first.length),
  ];
  return {
    groups: imageOfText,
    parts: [
      { from: between[0], to: between[1], scores: there, chance: thereChance },
      { from: between[1], to: between[0], scores: back, chance: backChance },
    ],
    main: (weights) => (there(weights)['r1'] + back(weights)['r1']) / 2,
    mainChance: (thereChance['r1'] + backChance['r1']) / 2,
    async detail() {
      const cosine = (row: number, image: number) => {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += texts[row * width + k] * images[image * width + k];
        return sum;
      };
      const own = Float64Array.from(pairs, (_, row) => cosine(row, imageOfText[row]));
      const { ranks } = textToImage;
      const order = Array.from(pairs.keys()).sort((a, b) => ranks[b] - ranks[a] || own[a] - own[b]);
      const shown =
        order.length > mostExamples ? [...order.slice(0, mostExamples - 100), ...order.slice(-100)] : order;
      const examples = shown.map((row, index): Example => {
        const pair = pairs[row];
        const sample = data.pairs.sample[pair];
        // Who was found first is looked for where it is shown.
        const seen = index < 24 || index >= shown.length - 24;
        let best = imageOfText[row];
        if (seen) for (const image of first.keys()) if (cosine(row, image) > cosine(row, best)) best = image;
        return {
          sample,
          caption: data.pairs.caption[pair],
          file: data.files[sample],
          text: data.captions[sample][data.pairs.caption[pair]],
          said: seen ? data.files[data.pairs.sample[pairs[first[best]]]] : '',
          truth: data.files[sample],
          figure: ranks[row],
        };
      });
      return { examples, total: pairs.length };
    },
  };
}

function figures(
  ranks: Float64Array,
  precisions: Float64Array,
  weights?: Float64Array,
): Record<string, number> {
  const { r1, r5, r10, medianRank, meanRank, mrr } = recallOf(ranks, weights);
  return { r1, r5, r10, medianRank, meanRank, mrr, map: weighted(precisions, weights) };
}

/**
 * What ranking at random gives: the first of a query's own answers is among the first k of all.
 * @param own answers of each query
 */
function chanceOf(own: Float64Array, all: number): Record<string, number> {
  const within = (k: number) =>
    own.reduce((sum, count) => {
      let none = 1;
      for (let j = 0; j < Math.min(k, all); j++) none *= Math.max(0, all - count - j) / (all - j);
      return sum + 1 - none;
    }, 0) / own.length;
  return { r1: within(1), r5: within(5), r10: within(10) };
}
