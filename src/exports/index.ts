/** Every export by its name, in the order of the page; each is a file that is loaded when it is asked for. */
import type { ExportDefinition } from './definition.ts';

export const exporters: Record<string, () => Promise<{ definition: ExportDefinition }>> = {
  model: () => import('./model.ts'),
  html: () => import('./html.ts'),
  onnx: () => import('./onnx.ts'),
  tfjs: () => import('./tfjs.ts'),
  pytorch: () => import('./pytorch.ts'),
  transformers: () => import('./transformers.ts'),
};
