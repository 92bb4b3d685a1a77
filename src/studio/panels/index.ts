/** The panels of the Train screen. A new one is a file and a line here. */
import { attention } from './attention.tsx';
import { balance } from './balance.tsx';
import { blocks } from './blocks.tsx';
import { contribution } from './contribution.tsx';
import { curriculum } from './curriculum.tsx';
import { learningRate, precision, retrieval, throughput } from './curvePanels.tsx';
import { diagram } from './diagram.tsx';
import { embedding } from './embedding.tsx';
import { findings } from './findings.tsx';
import { gates } from './gates.tsx';
import { gradients } from './gradients.tsx';
import { histogram } from './histogram.tsx';
import { loss } from './loss.tsx';
import type { Panel } from './panel.ts';
import { profile } from './profile.tsx';
import { ratio } from './ratio.tsx';
import { samples } from './samples.tsx';
import { score } from './score.tsx';
import { similarity } from './similarity.tsx';
import { why } from './why.tsx';
import { words } from './words.tsx';

export const panels: readonly Panel[] = [
  loss,
  score,
  similarity,
  gradients,
  ratio,
  blocks,
  contribution,
  balance,
  curriculum,
  attention,
  words,
  why,
  gates,
  embedding,
  histogram,
  diagram,
  samples,
  retrieval,
  learningRate,
  throughput,
  profile,
  precision,
  findings,
];

export const panelOf = (id: string): Panel | undefined => panels.find((panel) => panel.id === id);
