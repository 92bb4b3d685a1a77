/**
 * What a panel is: one file declares its names, its settings and how it draws; the frame (PanelFrame.tsx) gives it
 * the rest: settings form, table, files, full screen, moving, sizing, error boundary, empty state.
 */
import type { ComponentType } from 'react';
import type { Field, FieldValues, Text } from '../../core/fields.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Table } from '../charts/download.ts';
import type { Translate } from '../i18n/index.ts';
import type { ProbeName } from '../state/probeRequests.ts';

export interface PanelProps {
  settings: FieldValues;
  set: (settings: FieldValues) => void;
}

export interface Panel {
  id: string;
  title: Text;
  /** What am I looking at: one line. */
  explain: Text;
  /** What will appear here, while there is nothing. */
  empty: Text;
  /** Whether it can ever show anything of a run with this recipe; absent: of every run. */
  suits?: (recipe: Recipe) => boolean;
  /** Size when added. */
  columns: number;
  rows: number;
  fields: Field[];
  /** What the engine is asked for while the panel is on screen. */
  probes?: readonly ProbeName[];
  Body: ComponentType<PanelProps>;
  /** Changes whenever there is something new. */
  version: () => unknown;
  hasData: () => boolean;
  /** The step of the last data and when it came (performance.now), for data that has an age. */
  last?: () => { step: number; at: number } | undefined;
  table: (settings: FieldValues, t: Translate) => Table;
}

export const definePanel = (panel: Panel): Panel => panel;
