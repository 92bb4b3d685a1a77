import type { Texts } from '../texts.ts';

export const trying = {
  'try.title': ['Try the model', '试用模型'],
  'try.lead': [
    'Search unseen pictures with words, or find words for a picture.',
    '用文字搜索未见过的图片，或为图片寻找文字。',
  ],
  'try.none.title': ['No model to try yet', '还没有可试用的模型'],
  'try.none.body': [
    'Train one or open a run; answers appear here even while it trains.',
    '训练或打开一个模型；训练过程中也可在此试用。',
  ],
  'try.none.button': ['Go to Start', '前往开始页'],
  'try.words': ['Words', '文字'],
  'try.picture': ['Picture', '图片'],
  'try.placeholder': ['Describe a picture', '描述一张图片'],
  'try.search': ['Search', '搜索'],
  'try.from': ['Search in', '搜索范围'],
  'try.drop': ['Drop a picture here, or choose one', '将图片拖到这里，或选择图片'],
  'try.choose': ['Choose a picture', '选择图片'],
  'try.random': ['One from the data', '从数据中随机选取'],
  'try.similar': ['Similar pictures', '相似图片'],
  'try.captions': ['Captions that fit', '匹配的说明'],
  'try.results': ['Pictures for “{query}”', '“{query}”的图片'],
  'try.score': ['similarity {score}', '相似度 {score}'],
  'try.step': ['Weights of step {step}', '第 {step} 步的权重'],
  'try.empty': [
    'Type what you look for, or begin with a caption the model has not been trained on:',
    '输入要查找的内容，或从模型未训练过的说明开始：',
  ],
  'try.took': ['answered in {time} ms', '用时 {time} 毫秒'],
} as const satisfies Texts;
