/** The screens by name and where they are: apart from the screens themselves, so that anything may navigate. */
export const screenIds = [
  'start',
  'data',
  'model',
  'train',
  'inspect',
  'evaluate',
  'try',
  'compare',
  'runs',
  'export',
] as const;
export type ScreenId = (typeof screenIds)[number];
export const pathOf = (id: ScreenId) => (id === 'start' ? '/' : `/${id}`);
