/** `npm run data`: what the readers make of a folder, archive or built-in set. */
import { assignSplits, countSplits, shownSplits } from '../data/splits.ts';
import { type ArgumentRule, parseArguments } from './arguments.ts';
import { dataRules, openData } from './openData.ts';
import { progress, result } from './terminal.ts';

export const rules: Record<string, ArgumentRule> = dataRules;
export const summary = 'Reads data and prints what was found, as one line of JSON.';

export async function run(list: readonly string[]): Promise<void> {
  const { reader, dataset, skipped } = await openData(parseArguments(list, rules), ({ phase, done, total }) =>
    progress(`${phase} ${done}${total ? ` / ${total}` : ''}`),
  );
  const pairs = dataset.files.flatMap((file, index) =>
    dataset.captions[index].map((caption) => [file, caption] as const),
  );
  const splits = countSplits(
    dataset.stated.some(Boolean)
      ? shownSplits(dataset)
      : assignSplits(dataset, { by: 'files', validation: 0.1, test: 0, seed: 0 }),
  );
  result({
    reader,
    images: dataset.files.length,
    pairs: pairs.length,
    splits: Object.fromEntries(Object.entries(splits).filter(([, count]) => count > 0)),
    first: pairs[0],
    last: pairs.at(-1),
    fingerprint: dataset.fingerprint,
    skipped: skipped.map(({ file, code, params }) => ({ file, code, ...params })),
  });
}
