/** What the page says, in English and Chinese. */
import type { Text } from '../core/fields.ts';

export const texts = {
  search: { en: 'Find pictures', zh: '以文搜图' },
  ask: { en: 'Predict', zh: '预测' },
  question: { en: 'Ask', zh: '提问' },
  write: { en: 'Caption', zh: '生成说明' },
  lead: {
    en: 'A model trained with Amalgam. It runs in this page; nothing leaves this machine.',
    zh: '由 Amalgam 训练的模型。它在本页面内运行，数据不会离开本机。',
  },
  opening: { en: 'Opening the model …', zh: '正在打开模型…' },
  runsOn: { en: 'runs on', zh: '运行于' },
  processor: {
    en: 'the processor, slowly: this browser offers no WebGPU',
    zh: '处理器（较慢）：此浏览器不支持 WebGPU',
  },
  step: { en: 'trained for {steps} steps on {data}', zh: '在 {data} 上训练了 {steps} 步' },
  pictures: { en: 'Drop pictures here, or choose them', zh: '把图片拖到这里，或点击选择' },
  choose: { en: 'Choose pictures', zh: '选择图片' },
  looked: { en: '{done} of {total} pictures looked at', zh: '已处理 {done} / {total} 张图片' },
  unread: { en: 'Could not be read: {files}', zh: '无法读取：{files}' },
  words: { en: 'Words to look for', zh: '要搜索的文字' },
  find: { en: 'Find', zh: '搜索' },
  names: { en: 'Names, one a line', zh: '名称，每行一个' },
  which: {
    en: 'Press a picture above to see which name fits best.',
    zh: '点击上方图片，查看最匹配的名称。',
  },
  image: { en: 'Picture', zh: '图片' },
  text: { en: 'Text', zh: '文本' },
  asked: { en: 'Question', zh: '问题' },
  audio: { en: 'Sound', zh: '声音' },
  table: { en: 'Values', zh: '数值' },
  go: { en: 'Go', zh: '运行' },
  answer: { en: 'Answer', zh: '结果' },
  without: { en: 'without {what}', zh: '缺少{what}' },
  took: { en: '{time} ms', zh: '{time} 毫秒' },
  needs: { en: 'It wants all of the fields above.', zh: '需要填写上面所有字段。' },
  empty: { en: '(nothing)', zh: '（空）' },
  none: { en: 'This model answers nothing by itself.', zh: '该模型本身不回答任何问题。' },
} as const satisfies Record<string, Text>;

export type Language = 'en' | 'zh';
type Params = Record<string, string | number>;
export type Say = (key: keyof typeof texts, params?: Params) => string;

export const sayIn =
  (language: Language): Say =>
  (key, params = {}) =>
    texts[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
