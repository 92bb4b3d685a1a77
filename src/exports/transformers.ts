/** A folder that transformers’ CLIPModel opens: for two towers that have CLIP’s own shape, which are those that came from such a folder or were built as one. */
import { checkFields } from '../core/fields.ts';
import { loadTokenizer } from '../data/text/tokenizer.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { giveTower, type Tensors } from '../interchange/huggingFace/towers.ts';
import { writePreprocessing } from '../interchange/preprocessing.ts';
import { writeSafetensors } from '../interchange/safetensors.ts';
import { clipText } from '../models/encoders/hubText.ts';
import { clipVision } from '../models/encoders/hubVision.ts';
import { readHubModel } from '../training/hubModel.ts';
import type { ExportDefinition } from './definition.ts';

const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

function towerOf({ weights }: ModelBundle, modality: string): Tensors {
  const prefix = `${modality}.`;
  return new Map(
    [...weights].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );
}

function configOf(bundle: ModelBundle) {
  const { encoders, fusion } = bundle.recipe;
  const image = checkFields(clipVision.fields, encoders['image'] ?? {}, 'encoders.image');
  const text = checkFields(clipText.fields, encoders['text'] ?? {}, 'encoders.text');
  const { vocabularySize, startId, endId, padId } = loadTokenizer(bundle.tokenizerJson);
  const layers = (fields: typeof image) => ({
    hidden_size: fields['width'],
    intermediate_size: fields['inner'],
    num_hidden_layers: fields['depth'],
    num_attention_heads: fields['heads'],
    hidden_act: fields['activation'],
    layer_norm_eps: 1e-5,
    projection_dim: fusion['width'],
  });
  return {
    architectures: ['CLIPModel'],
    model_type: 'clip',
    projection_dim: fusion['width'],
    logit_scale_init_value: 2.6592,
    vision_config: {
      model_type: 'clip_vision_model',
      ...layers(image),
      image_size: bundle.preprocessing.size,
      patch_size: image['patch'],
      num_channels: 3,
    },
    text_config: {
      model_type: 'clip_text_model',
      ...layers(text),
      max_position_embeddings: text['places'],
      vocab_size: bundle.facts?.vocabulary ?? vocabularySize,
      bos_token_id: startId,
      eos_token_id: endId,
      pad_token_id: padId,
    },
  };
}

function tensorsOf(bundle: ModelBundle): Map<string, { shape: number[]; values: Float32Array }> {
  const depth = (modality: string) => Number(bundle.recipe.encoders[modality]?.['depth'] ?? 12);
  const learned = bundle.weights.get('infonce.logit_scale')?.values[0];
  const given = Number(bundle.recipe.objectives[0]['temperature'] ?? 0.2);
  return new Map([
    ['logit_scale', { shape: [], values: Float32Array.of(learned ?? Math.log(1 / given)) }],
    ...giveTower(towerOf(bundle, 'text'), 'clip-text', depth('text')),
    ...giveTower(towerOf(bundle, 'image'), 'clip-vision', depth('image')),
  ]);
}

export const definition: ExportDefinition = {
  type: 'transformers',
  title: { en: 'transformers CLIP', zh: 'transformers CLIP' },
  summary: {
    en: 'A folder for CLIPModel.from_pretrained, for models of CLIP’s own two towers.',
    zh: '可由 CLIPModel.from_pretrained 打开的文件夹，适用于采用 CLIP 双塔结构的模型。',
  },
  source: 'transformers 4 and 5, CLIPModel',
  fields: [],
  unfit({ recipe, tokenizerJson }) {
    const { image, text, ...others } = recipe.encoders;
    if (image?.type !== 'clip-vision' || text?.type !== 'clip-text' || Object.keys(others).length > 0)
      return {
        en: 'its towers are not those of CLIP (a CLIP vision tower and a CLIP text tower): transformers has no class of their shape',
        zh: '其编码器不是 CLIP 的视觉塔与文本塔，transformers 中没有对应结构的类',
      };
    if (recipe.fusion.type !== 'two-tower')
      return {
        en: 'its modalities are fused; CLIP has two towers',
        zh: '其模态经过融合，而 CLIP 是双塔结构',
      };
    if (recipe.objectives[0].type !== 'infonce')
      return {
        en: 'CLIP’s temperature belongs to the contrastive loss, which this model lacks',
        zh: 'CLIP 的温度属于对比损失，而该模型没有此损失',
      };
    // transformers takes 2 for the end mark of its first CLIP files, and then looks for the greatest id.
    return loadTokenizer(tokenizerJson).endId === 2
      ? {
          en: 'the end mark of its tokenizer has the id 2, which transformers reads as a file of an old form',
          zh: '其分词器的结束标记编号为 2，transformers 会把它当作旧格式',
        }
      : undefined;
  },
  async write(bundle, _fields, { progress }) {
    progress({ phase: 'write', done: 0, total: 1 });
    const { startId, endId, padId, token } = loadTokenizer(bundle.tokenizerJson);
    return [
      { path: 'config.json', bytes: json(configOf(bundle)) },
      { path: 'model.safetensors', bytes: writeSafetensors(tensorsOf(bundle), { format: 'pt' }) },
      { path: 'tokenizer.json', bytes: json(bundle.tokenizerJson) },
      {
        path: 'tokenizer_config.json',
        bytes: json({
          tokenizer_class: 'PreTrainedTokenizerFast',
          bos_token: token(startId),
          eos_token: token(endId),
          pad_token: token(padId),
          model_max_length: bundle.recipe.data.textLength,
        }),
      },
      { path: 'preprocessor_config.json', bytes: json(writePreprocessing(bundle.preprocessing)) },
    ];
  },
  async check(files, bundle) {
    const again = readHubModel('written', new Map(files.map(({ path, bytes }) => [path, bytes]))).weights;
    const wanted = [...bundle.weights].filter(([name]) => /^(image|text)\./.test(name));
    const equal = wanted.filter(([name, { values }]) =>
      again.get(name)?.values.every((value, at) => Object.is(value, values[at])),
    ).length;
    return [
      {
        name: { en: 'Read again, weights are equal to the bit', zh: '重新读取后权重逐位相同' },
        passed: equal === wanted.length,
        detail: { en: `${equal} of ${wanted.length} tensors`, zh: `${wanted.length} 个张量中的 ${equal} 个` },
      },
    ];
  },
  use: ({ preprocessing, recipe }) => ({
    language: 'python',
    code: `import torch
from PIL import Image
from transformers import CLIPModel, PreTrainedTokenizerFast, ViTImageProcessor

model = CLIPModel.from_pretrained(".").eval()
tokenizer = PreTrainedTokenizerFast.from_pretrained(".")
processor = ViTImageProcessor.from_pretrained(".")  # ${preprocessing.size} × ${preprocessing.size}, made square before: ${preprocessing.fit}

start, end = tokenizer.bos_token, tokenizer.eos_token
texts = [f"{start}{text}{end}" for text in ("a small red circle", "a big blue square")]
words = tokenizer(texts, add_special_tokens=False, padding=True, truncation=True, max_length=${recipe.data.textLength}, return_tensors="pt")
pictures = processor([Image.open("picture.png").convert("RGB")], return_tensors="pt")
with torch.no_grad():
    said = model(input_ids=words.input_ids, attention_mask=words.attention_mask, **pictures)
print(said.logits_per_image.softmax(-1))`,
  }),
};
