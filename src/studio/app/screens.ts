/** The screens in the order of the rail and of the keys 1–9 and 0, each loaded when first visited. */
import {
  IconDatabase,
  IconFlask2,
  IconGauge,
  IconHistory,
  IconHome,
  IconPackageExport,
  IconPlayerPlay,
  IconScale,
  IconSchema,
  IconZoomScan,
} from '@tabler/icons-react';
import { lazy } from 'react';

export const screens = [
  {
    id: 'start',
    icon: IconHome,
    Screen: lazy(async () => ({ default: (await import('../screens/start/Start.tsx')).Start })),
  },
  {
    id: 'data',
    icon: IconDatabase,
    Screen: lazy(async () => ({ default: (await import('../screens/data/Data.tsx')).Data })),
  },
  {
    id: 'model',
    icon: IconSchema,
    Screen: lazy(async () => ({ default: (await import('../screens/model/Model.tsx')).Model })),
  },
  {
    id: 'train',
    icon: IconPlayerPlay,
    Screen: lazy(async () => ({ default: (await import('../screens/train/Train.tsx')).Train })),
  },
  {
    id: 'inspect',
    icon: IconZoomScan,
    Screen: lazy(async () => ({ default: (await import('../screens/inspect/Inspect.tsx')).Inspect })),
  },
  {
    id: 'evaluate',
    icon: IconGauge,
    Screen: lazy(async () => ({ default: (await import('../screens/evaluate/Evaluate.tsx')).Evaluate })),
  },
  {
    id: 'try',
    icon: IconFlask2,
    Screen: lazy(async () => ({ default: (await import('../screens/try/Try.tsx')).Try })),
  },
  {
    id: 'compare',
    icon: IconScale,
    Screen: lazy(async () => ({ default: (await import('../screens/compare/Compare.tsx')).Compare })),
  },
  {
    id: 'runs',
    icon: IconHistory,
    Screen: lazy(async () => ({ default: (await import('../screens/runs/Runs.tsx')).Runs })),
  },
  {
    id: 'export',
    icon: IconPackageExport,
    Screen: lazy(async () => ({ default: (await import('../screens/export/Export.tsx')).Export })),
  },
] as const;
