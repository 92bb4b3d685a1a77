/**
 * The model card: what a person who finds the files in a year needs to know, in the form that model hubs show
 * (Mitchell et al. 2019). Everything in it comes from the model or its run; nothing is claimed that was not measured.
 */
import { pairsPerStep, type Recipe } from '../core/recipe.ts';

export interface CardFacts {
  /** Of the run; the recipe's by default. */
  name?: string;
  recipe: Recipe;
  parameters: number;
  /** How pictures are made ready (`32 × 32, crop`), where it reads pictures. */
  picture?: string;
  metrics?: Readonly<Record<string, number>>;
  datasetName: string;
  fingerprint: string;
  step: number;
  /** Other rows of the table. */
  more?: readonly (readonly [string, string])[];
}

/** @param files what lies beside the card: name and what it is @param use a section on how to use it, in Markdown */
export function modelCard(
  facts: CardFacts,
  files: readonly (readonly [string, string])[],
  use: string,
): string {
  const { recipe, parameters, picture, datasetName, fingerprint, step, more = [] } = facts;
  const metrics = Object.entries(facts.metrics ?? {}).filter(([, value]) => Number.isFinite(value));
  const modalities = Object.keys(recipe.encoders);
  const encoders = Object.entries(recipe.encoders).map(([modality, part]) => `${modality}: ${part.type}`);
  const objectives = recipe.objectives.map((part) => part.type);
  const rows: (readonly [string, string])[] = [
    ['encoders', encoders.join('; ') || '–'],
    ['fusion', recipe.fusion.type],
    ['objectives', objectives.join(', ')],
    ['parameters', parameters.toLocaleString('en-US')],
    ...(picture ? [['picture', picture] as const] : []),
    ...(modalities.includes('text') ? [['text', `up to ${recipe.data.textLength} tokens`] as const] : []),
    [
      'trained for',
      `${step.toLocaleString('en-US')} steps of ${pairsPerStep(recipe)} samples, seed ${recipe.seed}`,
    ],
    ['data', oneLine(datasetName)],
    ['fingerprint of the data', `\`${oneLine(fingerprint)}\``],
    ...more.map(([name, value]) => [name, oneLine(value)] as const),
  ];
  return `---
library_name: amalgam
tags:
${[...new Set(['multimodal', ...modalities, ...objectives])].map((tag) => `- ${tag}`).join('\n')}
---
# ${oneLine(facts.name ?? recipe.name)}

A model of ${listed(modalities)}, trained with Amalgam, a studio that runs in the browser.

| | |
|---|---|
${table(rows)}

## Measured
${
  metrics.length === 0
    ? 'Nothing was measured before the export.'
    : `| metric | value |\n|---|---|\n${table(metrics.map(([name, value]) => [oneLine(name), String(Number(value.toPrecision(6)))] as const))}`
}

## Files
${files.map(([name, what]) => `- \`${name}\`: ${what}`).join('\n')}

${use}
## Limits
It knows what its training data showed and nothing else. Measure it on your own data before relying on it.
`;
}

const table = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Names come from people: they must not break the table or the front matter. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
