/**
 * What a panel is: one file declares its names, its settings and how it draws; the frame (PanelFrame.tsx) gives it
 * the rest: settings form, table, files, full screen, moving, sizing, error boundary, empty state.
 */
import type { ComponentType, ReactNode } from 'react';
import type { Field, FieldValues, Text } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Table } from '../charts/download.ts';
import type { Translate } from '../i18n/index.ts';
import type { Article } from './article.ts';

export interface PanelProps {
  settings: FieldValues;
  set: (settings: FieldValues) => void;
}

export interface Panel {
  id: string;
  title: Text;
  /** What am I looking at: one line. */
  explain: Text;
  /** More of it, with formula and source; behind the question mark, loaded when it is asked for. */
  article?: () => Promise<{ article: Article }>;
  /** What will appear here, while there is nothing. */
  empty: Text;
  /** Whether it can ever show anything of a run with this recipe; absent: of every run. */
  suits?: (recipe: Recipe) => boolean;
  /** Size when added. */
  columns: number;
  rows: number;
  fields: Field[];
  Body?: ComponentType<PanelProps>;
  /** Instead of `Body`, of panels that are made (lookPanel.tsx). */
  draw?: (props: PanelProps) => ReactNode;
  /** Mounted as long as the panel is there, beside whatever it shows: what asks, and what tells of errors. */
  watch?: (props: PanelProps) => ReactNode;
  /** Changes whenever there is something new. */
  version: () => unknown;
  hasData: (settings: FieldValues) => boolean;
  /** The step of the last data and when it came (performance.now), for data that has an age. */
  last?: (settings: FieldValues) => { step: number; at: number } | undefined;
  table: (settings: FieldValues, t: Translate) => Table;
}

export const definePanel = (panel: Panel): Panel => panel;
