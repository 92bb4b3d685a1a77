/** A CLIP folder of Hugging Face's, from the drop to a run, and away again as one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import shapes from '../recipes/clip-shapes.json' with { type: 'json' };
import { random } from '../src/core/random.ts';
import { parseRecipe } from '../src/core/recipe.ts';
import { giveTower } from '../src/interchange/huggingFace/towers.ts';
import { readSafetensors, writeSafetensors } from '../src/interchange/safetensors.ts';
import { layoutOf } from '../src/training/parameters.ts';
import { goTo } from './studio.ts';

const layers = { hidden_size: 16, intermediate_size: 24, num_hidden_layers: 1, num_attention_heads: 2 };
const config = {
  model_type: 'clip',
  projection_dim: 16,
  vision_config: { ...layers, image_size: 16, patch_size: 8, num_channels: 3 },
  text_config: { ...layers, vocab_size: 40, max_position_embeddings: 12 },
};
const marks = { '[PAD]': 0, '[UNK]': 1, '<|startoftext|>': 38, '<|endoftext|>': 39 };
const tokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: {
    type: 'WordLevel',
    unk_token: '[UNK]',
    vocab: { ...marks, ...Object.fromEntries(Array.from({ length: 36 }, (_, at) => [`w${at + 2}`, at + 2])) },
  },
};

type Weights = Map<string, { shape: number[]; values: Float32Array }>;

/** Weights of this shape, drawn. */
function weights(): Weights {
  const fields = { width: 16, depth: 1, heads: 2, inner: 24, activation: 'quick_gelu' };
  const recipe = parseRecipe({
    ...shapes,
    data: { ...shapes.data, imageSize: 16, textLength: 12 },
    encoders: {
      image: { type: 'clip-vision', patch: 8, ...fields },
      text: { type: 'clip-text', places: 12, ...fields },
    },
    fusion: { type: 'two-tower', width: 16 },
  });
  const layout = layoutOf(recipe, { vocabulary: 40, size: 16 });
  const draws = random(3, 'hub');
  const tower = (modality: string): Weights => {
    const tensors: Weights = new Map();
    for (const { name, tensor, size } of layout.entries)
      if (name.startsWith(`${modality}.`))
        tensors.set(name.slice(modality.length + 1), {
          shape: [...tensor.shape],
          values: Float32Array.from({ length: size }, () => 0.2 * draws.normal()),
        });
    return tensors;
  };
  return new Map([
    ...giveTower(tower('image'), 'clip-vision', 1),
    ...giveTower(tower('text'), 'clip-text', 1),
    ['logit_scale', { shape: [], values: Float32Array.of(2.5) }],
  ]);
}

test('a folder of CLIP becomes a run; its weights leave again as they came', async ({ page }, info) => {
  const folder = info.outputPath('tiny-clip');
  mkdirSync(folder);
  const model = writeSafetensors(weights(), { format: 'pt' });
  writeFileSync(join(folder, 'model.safetensors'), model);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await page.goto('/#/export');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a Hugging Face folder' }).click();
  await (await chooser).setFiles(folder);
  const row = page.getByRole('row').filter({ hasText: 'Imported' });
  await expect(row).toContainText('tiny-clip');

  await goTo(page, 'Export');
  await page.getByText('transformers CLIP', { exact: true }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const download = await waiting;
  const file = info.outputPath('transformers.zip');
  await download.saveAs(file);
  const files = unzipSync(new Uint8Array(readFileSync(file)));
  expect(Object.keys(files)).toContain('tokenizer_config.json');
  // The header may be in another order; the tensors are the same bytes.
  const [before, after] = [model, files['model.safetensors']].map((bytes) => readSafetensors(bytes).tensors);
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [name, { bytes }] of before)
    expect(Buffer.compare(bytes, after.get(name)?.bytes ?? new Uint8Array()), name).toBe(0);

  // A folder whose weights are not those of its config is refused with the tensor, and nothing is kept.
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ ...config, text_config: { ...config.text_config, num_hidden_layers: 2 } }),
  );
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a Hugging Face folder' }).click();
  await (await again).setFiles(folder);
  await expect(page.getByText('Code: safetensors-invalid')).toBeVisible();
  await goTo(page, 'Runs');
  await expect(page.getByRole('row').filter({ hasText: 'Imported' })).toHaveCount(1);
});
