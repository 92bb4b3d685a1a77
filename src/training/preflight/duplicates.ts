/**
 * What a batch holds twice, counted in the batches that the run will draw. Equal captions are answers of each other and do no harm but make the task easier; captions
 * that differ in a word mark alone, and equal pictures under other captions, are punished as wrong answers though they are right (false negatives).
 */
import type { Recipe } from '../../core/recipe.ts';
import { drawnPairs } from '../../data/draw.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { objectives } from '../../models/registry.ts';
import { type Check, skip } from './definition.ts';
import { hashesOf, nearly } from './likeness.ts';

/** Batches that are counted, and pairs of all of them. */
const batches = 50;
const mostRows = 20_000;
const many = 0.05;
const equalMany = 0.5;
const mostExamples = 4;

export interface Repeats {
  /** Shares of the rows of a batch: with an equal caption of another sample; with a false negative by words; by picture. */
  equal: number;
  words: number;
  pictures: number;
  examples: string[];
}

export function repeatsIn(data: PreparedData, recipe: Recipe): Repeats {
  const { accumulate = 1, cached } = recipe.training;
  const together = cached ? accumulate : 1;
  const { sample, textGroup, caption } = data.pairs;
  const reads = recipe.encoders['text'] !== undefined;
  const captionOf = (pair: number) => data.captions[sample[pair]][caption[pair]] ?? '';
  const hashes = hashesOf(data, Object.keys(recipe.encoders));
  const found = { equal: 0, words: 0, pictures: 0 };
  const examples = new Map<string, string>();
  let rows = 0;
  for (let step = 0; step < batches && rows < mostRows; step++) {
    const pairs = Array.from({ length: together }, (_, k) => [
      ...drawnPairs(data, recipe, step * together + k),
    ]).flat();
    rows += pairs.length;
    const byWords = grouped(pairs, (pair) => nearly(captionOf(pair)));
    const byHash = grouped(pairs, (pair) => hashes[sample[pair]]);
    const byGroup = grouped(pairs, (pair) => String(textGroup[pair]));
    for (const pair of pairs) {
      const strange = (other: number) =>
        sample[other] !== sample[pair] && textGroup[other] !== textGroup[pair];
      if (reads && byGroup.get(String(textGroup[pair]))!.some((one) => sample[one] !== sample[pair]))
        found.equal++;
      const words = reads ? byWords.get(nearly(captionOf(pair)))!.find(strange) : undefined;
      if (words !== undefined) {
        found.words++;
        const [a, b] = [captionOf(pair), captionOf(words)].sort();
        if (examples.size < mostExamples) examples.set(`${a}\n${b}`, `${a} ≈ ${b}`);
      }
      if (hashes[sample[pair]] && byHash.get(hashes[sample[pair]])!.some(strange)) found.pictures++;
    }
  }
  const share = (count: number) => count / Math.max(1, rows);
  return {
    equal: share(found.equal),
    words: share(found.words),
    pictures: share(found.pictures),
    examples: [...examples.values()],
  };
}

function grouped(pairs: readonly number[], key: (pair: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const pair of pairs) {
    const own = key(pair);
    const group = groups.get(own);
    if (group) group.push(pair);
    else groups.set(own, [pair]);
  }
  return groups;
}

export const duplicates: Check = {
  id: 'duplicates',
  title: { en: 'Duplicates in a batch', zh: '批次内的重复' },
  about: {
    en: 'Counts equal and nearly equal captions, and equal pictures, in batches of this size.',
    zh: '统计这种批量下相同或几乎相同的文字，以及相同的图片。',
  },
  draws: true,
  says: {
    words: {
      seen: {
        en: '{words:percent} of the rows of a batch of {batch:count} have a caption that is another’s but for case, marks or articles.',
        zh: '批量 {batch:count} 中有 {words:percent} 的行，其文字与另一行只差大小写、标点或冠词。',
      },
      why: {
        en: 'They are punished as wrong answers though they are right. Make such captions equal in the data: equal ones count as right.',
        zh: '它们是正确答案却被当作错误惩罚。请在数据中统一这些文字：完全相同的文字算作正确。',
      },
    },
    pictures: {
      seen: {
        en: '{pictures:percent} of the rows of a batch of {batch:count} have the same picture (or sound, or table row) as another with another caption.',
        zh: '批量 {batch:count} 中有 {pictures:percent} 的行与另一行内容相同而文字不同。',
      },
      why: {
        en: 'The model cannot tell them apart and is punished for it. Join them into one sample with several captions.',
        zh: '模型无法区分却受到惩罚。请将它们合并为一个有多条文字的样本。',
      },
    },
    equal: {
      seen: {
        en: '{equal:percent} of the rows of a batch of {batch:count} share their caption with another sample.',
        zh: '批量 {batch:count} 中有 {equal:percent} 的行与其他样本的文字相同。',
      },
      why: {
        en: 'All of them are right answers, so a batch asks less than its size says. A smaller batch, or captions that say more, would teach as much.',
        zh: '它们互为正确答案，因此批次的难度低于其大小。用更小的批量或更具体的文字效果相同。',
      },
    },
  },
  async run({ recipe, data, finding, progress }) {
    const contrasts = recipe.objectives.some(
      ({ type }) => objectives.find((one) => one.type === type)?.contrasts,
    );
    if (!contrasts)
      return skip({
        en: 'Skipped: no objective of this recipe compares the samples of a batch with each other.',
        zh: '已跳过：此配方没有在批次内相互比较样本的目标。',
      });
    const { examples, ...shares } = repeatsIn(data, recipe);
    progress(1);
    const { batch, accumulate = 1, cached } = recipe.training;
    const params = { ...shares, batch: cached ? batch * accumulate : batch };
    const note = { severity: 'note' as const, params };
    return {
      summary: {
        en: 'Of the rows of a batch, {equal:percent} share their caption with another sample; {words:percent} have a false negative by words, {pictures:percent} by content.',
        zh: '批次中 {equal:percent} 的行与其他样本文字相同；{words:percent} 存在文字上的假负例，{pictures:percent} 存在内容上的假负例。',
      },
      figures: params,
      examples,
      findings: [
        ...(shares.words > many ? [finding({ says: 'words', ...note, severity: 'warning' })] : []),
        ...(shares.pictures > many ? [finding({ says: 'pictures', ...note, severity: 'warning' })] : []),
        ...(shares.equal > equalMany ? [finding({ says: 'equal', ...note })] : []),
      ],
    };
  },
};
