/**
 * The model card: what a person who finds the zip in a year needs to know, in the form that model hubs show
 * (Mitchell et al. 2019). Everything in it comes from the bundle; nothing is claimed that was not measured.
 */
import { pairsPerStep } from '../core/recipe.ts';
import type { ModelBundle } from './bundle.ts';

export function modelCard(bundle: ModelBundle): string {
  const { recipe, weights, preprocessing, datasetName, fingerprint, step } = bundle;
  const parameters = [...weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  const metrics = Object.entries(bundle.metrics ?? {});
  const encoders = Object.entries(recipe.encoders).map(([modality, part]) => `${modality}: ${part.type}`);
  return `---
library_name: amalgam
tags:
- image-text
- contrastive
---
# ${oneLine(recipe.name)}

An image–text model trained with Amalgam, a studio that runs in the browser.

| | |
|---|---|
| encoders | ${encoders.join('; ') || '–'} |
| fusion | ${recipe.fusion.type} |
| objectives | ${recipe.objectives.map((part) => part.type).join(', ')} |
| parameters | ${parameters.toLocaleString('en-US')} |
| picture | ${preprocessing.size} × ${preprocessing.size}, ${preprocessing.fit} |
| caption | up to ${recipe.data.textLength} tokens |
| trained for | ${step.toLocaleString('en-US')} steps of ${pairsPerStep(recipe)} pairs, seed ${recipe.seed} |
| data | ${oneLine(datasetName)} |
| fingerprint of the data | \`${oneLine(fingerprint)}\` |

## Measured
${
  metrics.length === 0
    ? 'Nothing was measured before the export.'
    : `| metric | value |\n|---|---|\n${metrics.map(([name, value]) => `| ${oneLine(name)} | ${Number(value.toPrecision(6))} |`).join('\n')}`
}

## Files
- \`model.safetensors\`: the weights, float32
- \`recipe.json\`: everything that made them; open it in the studio, or train again headless
- \`tokenizer.json\`: for Hugging Face's tokenizers
- \`preprocessor_config.json\`: size, mean and deviation of the pictures

\`\`\`python
from safetensors.numpy import load_file
from tokenizers import Tokenizer

weights = load_file("model.safetensors")
ids = Tokenizer.from_file("tokenizer.json").encode("a small red circle").ids
\`\`\`

## Limits
It knows what its training pictures showed and nothing else. Measure it on your own data before relying on it.
`;
}

/** Names come from people: they must not break the table or the front matter. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
