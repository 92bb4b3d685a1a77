/** `npm run data`: what the readers make of a folder, archive or built-in set. */
import { countSplits, shownSplits } from '../data/splits.ts';
import { type ArgumentRules, parseArguments } from './arguments.ts';
import { dataRules, openData } from './openData.ts';
import { result } from './terminal.ts';

export const rules: ArgumentRules = {
  ...dataRules,
  data: { ...dataRules['data'], positional: true },
};
export const summary = 'Reads data and prints what was found, as one line of JSON.';

export async function run(list: readonly string[]): Promise<number> {
  const { reader, dataset, skipped } = await openData(parseArguments(list, rules));
  const pairs = dataset.files.flatMap((file, index) =>
    dataset.captions[index].map((caption) => [file, caption] as const),
  );
  const splits = Object.entries(countSplits(shownSplits(dataset)));
  result({
    reader,
    images: dataset.files.length,
    pairs: pairs.length,
    splits: Object.fromEntries(splits.filter(([, count]) => count > 0)),
    first: pairs[0],
    last: pairs.at(-1),
    fingerprint: dataset.fingerprint,
    skipped: skipped.map(({ file, code, params }) => ({ file, code, ...params })),
  });
  return 0;
}
