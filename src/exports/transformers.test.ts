/** What leaves for transformers says there what it says here; what has not CLIP's shape is refused with its reason. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parseRecipe } from '../core/recipe.ts';
import { processor } from '../engine/processor/executor.ts';
import { type ModelBundle, readBundle } from '../interchange/bundle.ts';
import { openBundle } from '../player/model.ts';
import { queryVector } from '../training/search.ts';
import { modelZip, shippedModel, shippedRecipes } from './testing/models.ts';
import { describePython, python } from './testing/python.ts';
import { targetsOf, writeExport } from './write.ts';

const tokenizerSchema = v.looseObject({
  added_tokens: v.array(v.looseObject({ id: v.number() })),
  model: v.looseObject({ vocab: v.record(v.string(), v.number()) }),
});
const quiet = () => ({ progress: () => undefined, signal: new AbortController().signal });

/** CLIP's towers, small, on drawn shapes, with the end mark where transformers finds it. */
async function clip(): Promise<ModelBundle> {
  const base = shippedRecipes.get('clip-shapes');
  const layers = { width: 24, depth: 2, heads: 3, inner: 40 };
  const recipe = parseRecipe({
    ...base,
    encoders: {
      image: { type: 'clip-vision', patch: 8, ...layers, activation: 'quick_gelu' },
      text: { type: 'clip-text', ...layers, activation: 'gelu', places: 30 },
    },
    fusion: { type: 'two-tower', width: 20 },
  });
  const bundle = readBundle('clip.zip', await modelZip(recipe));
  return { ...bundle, tokenizerJson: endMovedTo(9, bundle.tokenizerJson) };
}

/** Our own tokenizer has its end mark at 2: it changes places with the word of another id. */
function endMovedTo(id: number, json: unknown): unknown {
  const { model, added_tokens: added, ...rest } = v.parse(tokenizerSchema, json);
  const other = (one: number) => (one === 2 ? id : one === id ? 2 : one);
  const vocab = Object.fromEntries(Object.entries(model.vocab).map(([word, own]) => [word, other(own)]));
  return {
    ...rest,
    added_tokens: added.map((token) => ({ ...token, id: other(token.id) })),
    model: { ...model, vocab },
  };
}

test('models of other shapes have their reasons', async () => {
  const reason = async (bundle: ModelBundle) =>
    (await targetsOf(bundle)).find(({ type }) => type === 'transformers')?.unfit?.en ?? 'fits';
  expect(await reason(await shippedModel('clip-shapes'))).toContain('not those of CLIP');
  expect(await reason(await shippedModel('vqa'))).toContain('not those of CLIP');
  expect(await reason(await clip())).toBe('fits');
});

describePython('transformers', () => {
  test('embeds words and pictures as we do', async () => {
    const bundle = await clip();
    const { files, checked } = await writeExport(bundle, 'transformers', {}, quiet());
    expect(checked.map(({ passed }) => passed)).toEqual([true]);
    const folder = mkdtempSync(join(tmpdir(), 'amalgam-transformers-'));
    mkdirSync(join(folder, 'model'));
    for (const { path, bytes } of files) writeFileSync(join(folder, 'model', path), bytes);
    const model = await openBundle(bundle, processor);
    const { size } = bundle.preprocessing;
    const images = Float32Array.from({ length: size * size * 3 }, (_, at) => Math.sin(at / 7));
    const texts = ['a small red circle', 'two big green stars'];
    const { tokenizer, textLength } = model.data;
    const ids = texts.map((text) => tokenizer.encode(text, textLength));
    writeFileSync(
      join(folder, 'inputs.json'),
      JSON.stringify({ size, images: [...images], ids, pad: tokenizer.padId }),
    );
    writeFileSync(
      join(folder, 'read.py'),
      `import json, torch
from transformers import CLIPModel
given = json.load(open("inputs.json"))
model, report = CLIPModel.from_pretrained("model", output_loading_info=True)
model = model.double().eval()
longest = max(map(len, given["ids"]))
ids = torch.tensor([row + [given["pad"]] * (longest - len(row)) for row in given["ids"]])
mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in given["ids"]])
pictures = torch.tensor(given["images"], dtype=torch.float64).reshape(1, given["size"], given["size"], 3).permute(0, 3, 1, 2)
with torch.no_grad():
    said = model(input_ids=ids, attention_mask=mask, pixel_values=pictures)
print(json.dumps({"missing": sorted(report["missing_keys"]), "left": sorted(report["unexpected_keys"]), "image": said.image_embeds.flatten().tolist(), "text": said.text_embeds.tolist(), "logits": said.logits_per_image.flatten().tolist()}))
`,
    );
    const said = JSON.parse(python(folder, 'read.py').trimEnd().split('\n').at(-1) ?? '');
    expect([said.missing, said.left]).toEqual([[], []]);
    const embedder = await model.embed();
    const image = await embedder.one('image', { images });
    const furthest = (a: ArrayLike<number>, b: readonly number[]) =>
      Math.max(...b.map((value, at) => Math.abs(value - a[at])));
    expect(furthest(image, said.image)).toBeLessThan(1e-5);
    for (const [row, text] of texts.entries())
      expect(furthest(await queryVector(model, { text }), said.text[row])).toBeLessThan(1e-5);
    rmSync(folder, { recursive: true });
  });
});
