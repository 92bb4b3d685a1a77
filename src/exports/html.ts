/** One HTML file with the model, its kernels and a small page (src/player): opens from a disk, offline, and asks nothing of a network. */
import { bytesFromBase64, bytesToBase64 } from '../core/base64.ts';
import { processor } from '../engine/processor/executor.ts';
import { readBundle, writeBundle } from '../interchange/bundle.ts';
import { abilitiesOf } from '../player/abilities.ts';
import { openBundle } from '../player/model.ts';
import type { ExportDefinition } from './definition.ts';
import { player } from './html/player.ts';

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Nothing may be loaded from anywhere; pictures and sounds that a person brings are blobs. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src blob: data:; media-src blob:";

export const definition: ExportDefinition = {
  type: 'html',
  title: { en: 'One page', zh: '单个网页' },
  summary: {
    en: 'The model in a single HTML file: double-click it, and search, predict, ask or caption offline.',
    zh: '把模型装进一个 HTML 文件：双击打开，即可离线搜索、预测、提问或生成说明。',
  },
  source: 'HTML, WebGPU',
  fields: [
    {
      kind: 'choice',
      key: 'language',
      label: { en: 'Language', zh: '语言' },
      help: {
        en: 'What the page opens in; it can be switched there.',
        zh: '网页打开时的语言，可在页面内切换。',
      },
      default: 'reader',
      choices: [
        { value: 'reader', label: { en: 'the reader’s', zh: '读者的语言' } },
        { value: 'en', label: { en: 'English', zh: 'English' } },
        { value: 'zh', label: { en: '简体中文', zh: '简体中文' } },
      ],
    },
  ],
  unfit: ({ recipe }) =>
    abilitiesOf(recipe).length > 0
      ? undefined
      : {
          en: 'it predicts nothing, writes nothing and has no pictures and words in one space: there is nothing to ask it',
          zh: '该模型不作预测、不生成文字，也没有图文共享空间，因此没有可提问的内容',
        },
  async write(bundle, fields, { progress, signal }) {
    progress({ phase: 'write', done: 0, total: 1 });
    const { script, style } = await player();
    signal.throwIfAborted();
    const lang = fields['language'] === 'zh' ? 'zh-CN' : fields['language'] === 'en' ? 'en' : '';
    const text = `<!doctype html>
<html${lang && ` lang="${lang}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(bundle.recipe.name)}</title>
<style>${style}</style>
</head>
<body>
<script type="text/plain" id="model">${bytesToBase64(writeBundle(bundle))}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
    return [{ path: 'model.html', bytes: new TextEncoder().encode(text) }];
  },
  async check([file], bundle) {
    const text = new TextDecoder().decode(file.bytes);
    const packed = /<script type="text\/plain" id="model">([^<]*)</.exec(text)?.[1] ?? '';
    const inside = readBundle('model.zip', bytesFromBase64(packed));
    const model = await openBundle(inside, processor);
    const opened = model.weights.layout.entries.length;
    model.destroy(true);
    const requests = /(?:src|href)\s*=\s*["']?(?:https?:)?\/\//.test(text);
    return [
      {
        name: { en: 'The model inside opens', zh: '其中的模型可以打开' },
        passed: inside.fingerprint === bundle.fingerprint && opened > 0,
        detail: { en: `${opened} tensors`, zh: `${opened} 个张量` },
      },
      {
        name: { en: 'Asks nothing of a network', zh: '不访问网络' },
        passed: !requests && text.includes(policy),
        detail: { en: 'by its content security policy', zh: '由内容安全策略保证' },
      },
    ];
  },
  use: () => ({
    language: 'shell',
    code: '# Double-click model.html, or:\ngoogle-chrome model.html',
  }),
};
