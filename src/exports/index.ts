/** Every export by its name; each is a file that is loaded when it is asked for. */
import type { ExportDefinition } from './definition.ts';

export const exporters: Record<string, () => Promise<ExportDefinition>> = {};
