/** What a person sees of an export: which there are, what was written and what was tried on it. */
import type { Field, Text } from './fields.ts';

/** A few lines with which a person begins. */
export interface Snippet {
  language: 'python' | 'javascript' | 'shell';
  code: string;
}

/** Something that was tried on the written files. */
export interface Checked {
  name: Text;
  passed: boolean;
  /** The figure, with its unit or its limit (`largest difference 2.1e-6 of 1e-4`). */
  detail: Text;
}

/** A form in which the model that is open can leave, or why it cannot. */
export interface ExportTarget {
  type: string;
  title: Text;
  summary: Text;
  source: string;
  fields: Field[];
  unfit?: Text;
  use?: Snippet;
}

export interface Written {
  checked: Checked[];
  use: Snippet;
}
