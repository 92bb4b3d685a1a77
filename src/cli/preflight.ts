/** `npm run preflight`: the checks before a run, as text on standard error and as one line of JSON. It trains copies only, and writes nothing. */
import { StudioError } from '../core/errors.ts';
import type { CheckResult } from '../training/preflight/definition.ts';
import { checkEntries, preflight } from '../training/preflight/preflight.ts';
import { type ArgumentRules, oneOf, parseArguments } from './arguments.ts';
import { earlierRules, readFor } from './earlier.ts';
import { findingText, resultOf } from './findings.ts';
import { executorNamed, executorRule, openInNode } from './gpu.node.ts';
import { dataRules, openData } from './openData.ts';
import { defaultRecipe, overridden, readRecipe } from './recipeFile.ts';
import { onSignal } from './signals.ts';
import { note, progress, result } from './terminal.ts';
import { tokenizerRules } from './tokenizer.ts';

const ids = checkEntries().map(({ id }) => id);

export const rules: ArgumentRules = {
  ...dataRules,
  recipe: { value: 'file.json', help: `the recipe (${defaultRecipe})` },
  only: { value: 'a,b,…', help: `some of ${ids.join(', ')}` },
  steps: { value: 'count', help: 'steps instead of the recipe’s' },
  seed: { value: 'number', help: 'seed instead of the recipe’s' },
  ...earlierRules,
  ...tokenizerRules,
  executor: executorRule,
};
export const summary =
  'Checks recipe and data before a run: splits, duplicates, captions, memory, time, overfitting a few pairs, range of rates. The last line is JSON.';

function tell({ title, summary: line, examples = [], offer, findings }: CheckResult): void {
  note(`${title.en}: ${line.en}`);
  for (const example of examples) note(`    “${example}”`);
  if (offer && findings.length === 0) note(`    → ${offer.button.en}`);
  for (const finding of findings) note(`  ${findingText(finding)}`);
}

export async function run(list: readonly string[]): Promise<number> {
  const given = parseArguments(list, rules);
  const recipe = await overridden(await readRecipe(given.one('recipe') ?? defaultRecipe), given);
  const only = given
    .one('only')
    ?.split(',')
    .map((id) => oneOf(id.trim(), '--only', ids));
  const { dataset } = await openData(given);
  const data = await readFor(recipe, dataset, given);
  const executor = await openInNode(executorNamed(given.one('executor') ?? 'webgpu'));
  const stop = new AbortController();
  const signal = onSignal(() => stop.abort(), 'stopping after the step under way; nothing is kept');
  let told = 0;
  try {
    const results = await preflight(executor, recipe, data, {
      only,
      signal: stop.signal,
      onProgress({ id, share, results: done }) {
        for (; told < done.length; told++) tell(done[told]);
        progress(`${id} ${Math.round(share * 100)} %`);
      },
    });
    signal.end();
    const checked = results.map(({ id, figures, findings, offer, skipped, summary: line }) => ({
      id,
      ...(skipped && { skipped: line.en }),
      figures,
      findings: resultOf(findings),
      ...(offer && { offer: offer.remedy }),
    }));
    result({
      adapter: executor.adapter.name,
      findings: checked.flatMap(({ findings }) => findings).length,
      checks: checked,
    });
    return 0;
  } catch (error) {
    const came = signal.end();
    if (!(error instanceof StudioError && error.code === 'cancelled')) throw error;
    return came === 'SIGTERM' ? 143 : 130;
  }
}
