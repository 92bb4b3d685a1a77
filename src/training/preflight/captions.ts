/** Captions that are longer than the context and lose their end, and the length that would keep nearly all. */
import { type Check, skip } from './definition.ts';

/** Captions that are measured; of more, evenly spread ones. */
const most = 5000;
const long = 4096;
const keeping = 0.99;
const few = 0.01;
const mostExamples = 3;
/** Of a recipe's context. */
const mostTokens = 512;

export const captions: Check = {
  id: 'captions',
  title: { en: 'Captions cut', zh: '被截断的文字' },
  about: {
    en: 'Counts captions that are longer than the context.',
    zh: '统计超出上下文长度的文字。',
  },
  says: {
    cut: {
      seen: {
        en: '{share:percent} of the captions are cut at {length:count} tokens; {enough:count} would keep 99 %.',
        zh: '{share:percent} 的文字在 {length:count} 个词元处被截断；{enough:count} 个可完整保留 99 %。',
      },
      why: {
        en: 'What stands at their end is never read. Attention costs more with a longer context.',
        zh: '末尾内容永远读不到。上下文越长，注意力计算越多。',
      },
      button: { en: 'Read {value:count} tokens', zh: '读取 {value:count} 个词元' },
    },
  },
  async run({ recipe, data, finding, stopped, progress }) {
    const texts = data.captions.flat();
    const reads =
      recipe.encoders['text'] || recipe.objectives.some(({ type }) => /^(captioning|vqa|mlm)$/.test(type));
    if (!reads) return skip({ en: 'Skipped: the recipe reads no text.', zh: '已跳过：此配方不读取文字。' });
    if (texts.length === 0)
      return skip({ en: 'Skipped: the data has no text.', zh: '已跳过：数据中没有文字。' });
    const stride = Math.ceil(texts.length / most);
    const lengths: number[] = [];
    const examples: string[] = [];
    for (let i = 0; i < texts.length; i += stride) {
      if (i % 512 === 0) {
        stopped();
        progress(i / texts.length);
        await new Promise<void>((resolve) => setTimeout(resolve));
      }
      const { length } = data.tokenizer.encode(texts[i], long);
      lengths.push(length);
      if (length > data.textLength && examples.length < mostExamples) examples.push(texts[i]);
    }
    const sorted = Float64Array.from(lengths).sort();
    const enough = sorted[Math.min(sorted.length - 1, Math.ceil(keeping * sorted.length) - 1)];
    const share = data.pairs.cut / Math.max(1, texts.length);
    const value = Math.min(mostTokens, enough);
    const params = { share, length: data.textLength, enough, longest: sorted.at(-1)!, value };
    return {
      summary: {
        en: '{share:percent} of the captions are cut at {length:count} tokens; the longest has {longest:count}.',
        zh: '{share:percent} 的文字在 {length:count} 个词元处被截断；最长的有 {longest:count} 个。',
      },
      figures: { share, length: data.textLength, enough, longest: params.longest },
      examples,
      findings:
        share > few
          ? [
              finding({
                says: 'cut',
                severity: 'note',
                params,
                remedy: { edits: [{ path: ['data', 'textLength'], value }] },
              }),
            ]
          : [],
    };
  },
};
