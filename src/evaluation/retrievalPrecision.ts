/**
 * Average precision of retrieval from pictures with several captions: of each picture the mean over its captions of (its own up to this one / place of this one among all captions), Manning
 * et al. 2008, §8.4. Ties count half, as in `retrieval`. The other way each query has one answer, and this is 1 / rank.
 */
import { dot, type Embeddings, penalty } from './retrieval.ts';

/** Of each picture. */
export function averagePrecisions({ images, texts, width, imageOfText }: Embeddings): Float64Array {
  const count = texts.length / width;
  const captions = new Map<number, number[]>();
  for (let text = 0; text < count; text++)
    captions.set(imageOfText[text], [...(captions.get(imageOfText[text]) ?? []), text]);
  return Float64Array.from({ length: images.length / width }, (_, image) => {
    const score = Float64Array.from({ length: count }, (__, text) =>
      dot(images, image * width, texts, text * width, width),
    );
    const right = (captions.get(image) ?? []).sort((a, b) => score[b] - score[a]);
    const wrong = new Float64Array(right.length);
    for (let text = 0; text < count; text++) {
      if (imageOfText[text] === image) continue;
      for (const [place, mine] of right.entries()) wrong[place] += penalty(score[text], score[mine]);
    }
    return wrong.reduce((sum, before, place) => sum + (place + 1) / (place + 1 + before), 0) / right.length;
  });
}
