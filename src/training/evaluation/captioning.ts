/** Captions that the model writes for samples, beside those of the data: BLEU, ROUGE-L, CIDEr, equality. */
import type { Example } from '../../core/evaluation.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { bleu, bleuCounts } from '../../evaluation/bleu.ts';
import { captionTokens } from '../../evaluation/captionTokens.ts';
import { cider } from '../../evaluation/cider.ts';
import { rougeL } from '../../evaluation/rougeL.ts';
import { scoreCaption } from '../captions.ts';
import { greedy, Writer } from '../generate.ts';
import type { Model } from '../model.ts';
import { modelShape } from '../shape.ts';
import { hasModality } from '../validate.ts';
import { firstOfSamples, type Measured, type Task, type Tick, weighted } from './task.ts';

/** @param most for so many samples */
export function captioningTask(model: Model, most: number): Task {
  const { executor, recipe, data, weights } = model;
  const rows = 32;
  let writer: Promise<Writer> | undefined;
  return {
    kind: 'captions',
    main: 'cider',
    reads: Object.keys(recipe.encoders).filter((modality) => modality !== 'text'),
    withMissing: false,
    async measure(changed, tick) {
      writer ??= Writer.create(executor, recipe, modelShape(recipe, data), weights, rows);
      const reads = Object.keys(recipe.encoders).filter((modality) => modality !== 'text');
      const pairs = firstOfSamples(
        changed,
        (pair) =>
          changed.captions[changed.pairs.sample[pair]].length > 0 &&
          reads.every((modality) => hasModality(changed, modality, pair)),
      ).slice(0, most);
      const texts: string[] = [];
      for (let from = 0; from < pairs.length; from += rows) {
        tick(from / pairs.length);
        texts.push(...(await (await writer).write(changed, pairs.subarray(from, from + rows), greedy)));
      }
      return measured(changed, pairs, texts, tick);
    },
    destroy: () => void writer?.then((one) => one.destroy()),
  };
}

function measured(data: PreparedData, pairs: Int32Array, texts: string[], tick: Tick): Measured {
  tick(1);
  const references = Array.from(pairs, (pair) => data.captions[data.pairs.sample[pair]]);
  const words = texts.map(captionTokens);
  const known = references.map((list) => list.map(captionTokens));
  const counts = words.map((tokens, index) => bleuCounts(tokens, known[index]));
  const rouge = Float64Array.from(words, (tokens, index) => rougeL(tokens, known[index]));
  const ciders = cider(words, known);
  const plain = texts.map((text, index) => scoreCaption(text, references[index]));
  const exact = Float64Array.from(plain, ({ exact: same }) => (same ? 1 : 0));
  const attributes = plain.every((one) => one.attributes !== undefined)
    ? Float64Array.from(plain, (one) => (one.attributes ? 1 : 0))
    : undefined;
  return {
    groups: pairs.map((pair) => data.pairs.sample[pair]),
    parts: [
      {
        scores(weights) {
          const [bleu1, bleu2, bleu3, bleu4] = bleu(counts, weights);
          return {
            cider: weighted(ciders, weights),
            bleu1,
            bleu2,
            bleu3,
            bleu4,
            rougeL: weighted(rouge, weights),
            exact: weighted(exact, weights),
            ...(attributes && { attributes: weighted(attributes, weights) }),
          };
        },
      },
    ],
    main: (weights) => weighted(ciders, weights),
    detail: async () => {
      const order = Array.from(pairs.keys()).sort((a, b) => ciders[a] - ciders[b]);
      return {
        examples: order.map((row): Example => {
          const sample = data.pairs.sample[pairs[row]];
          return {
            sample,
            caption: data.pairs.caption[pairs[row]],
            file: data.files[sample],
            said: texts[row],
            truth: references[row].join('\n'),
            figure: ciders[row],
          };
        }),
        total: order.length,
      };
    },
  };
}
