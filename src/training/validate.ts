/** Measures on pairs that are not trained on: the contrastive loss in batches as large as in training, and retrieval both ways. */
import type { PreparedData } from '../data/prepared.ts';
import { validationLoss } from '../evaluation/contrastive.ts';
import { retrieval } from '../evaluation/retrieval.ts';
import type { Embedder } from './embed.ts';

export interface RetrievalMeasure {
  r1: number;
  r5: number;
  r10: number;
  medianRank: number;
}

export interface Validation {
  pairs: number;
  images: number;
  loss: number;
  imageToText: RetrievalMeasure;
  textToImage: RetrievalMeasure;
}

/** @param scale exp(logit scale) of the model */
export async function validate(
  embedder: Embedder,
  data: PreparedData,
  pairs: Int32Array,
  scale: number,
  batch: number,
): Promise<Validation> {
  // One embedding per picture, however many captions it has.
  const pictures: number[] = [];
  const place = new Map<number, number>();
  const firstPairs: number[] = [];
  const imageOfText = Int32Array.from(pairs, (pair) => {
    const image = data.pairs.sample[pair];
    let index = place.get(image);
    if (index === undefined) {
      index = pictures.push(image) - 1;
      firstPairs.push(pair);
      place.set(image, index);
    }
    return index;
  });
  const { width } = embedder;
  const images = await embedder.images(Int32Array.from(firstPairs));
  const texts = await embedder.texts(pairs);
  const { imageToText, textToImage } = retrieval({ images, texts, width, imageOfText });
  const paired = new Float32Array(texts.length);
  for (const [row, index] of imageOfText.entries())
    paired.set(images.subarray(index * width, (index + 1) * width), row * width);
  const loss = validationLoss(
    {
      images: paired,
      texts,
      width,
      sampleGroups: Int32Array.from(pairs, (pair) => data.pairs.sample[pair]),
      textGroups: Int32Array.from(pairs, (pair) => data.pairs.textGroup[pair]),
    },
    scale,
    batch,
  );
  const measure = ({ r1, r5, r10, medianRank }: RetrievalMeasure): RetrievalMeasure => ({
    r1,
    r5,
    r10,
    medianRank,
  });
  return {
    pairs: pairs.length,
    images: pictures.length,
    loss,
    imageToText: measure(imageToText),
    textToImage: measure(textToImage),
  };
}

/** As metrics of a row: `val.loss`, `val.r1` (mean of both directions), `val.i2t.r1`, …. */
export function validationRow({ loss, imageToText, textToImage }: Validation): Record<string, number> {
  const row: Record<string, number> = { 'val.loss': loss };
  for (const name of ['r1', 'r5', 'r10'] as const)
    row[`val.${name}`] = (imageToText[name] + textToImage[name]) / 2;
  for (const [name, value] of Object.entries(imageToText)) row[`val.i2t.${name}`] = value;
  for (const [name, value] of Object.entries(textToImage)) row[`val.t2i.${name}`] = value;
  return row;
}
