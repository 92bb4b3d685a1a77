/**
 * The design tokens: one object per scheme, read by the style sheets (as `--a-*` variables) and by every canvas.
 * Greys are neutral because colour is data. Modality hues are Okabe–Ito, adjusted per scheme to at least 3:1 on the
 * light and 5:1 on the dark surface; each has a mark and a dash so that hue is never the only cue.
 */
export interface Tokens {
  scheme: 'light' | 'dark';
  canvas: string;
  surface: string;
  sunken: string;
  line: string;
  lineStrong: string;
  ink: string;
  muted: string;
  image: string;
  text: string;
  audio: string;
  video: string;
  table: string;
  fused: string;
  ok: string;
  warn: string;
  warnSoft: string;
  error: string;
  errorSoft: string;
  /** Direct-labelled colours of overlaid runs. */
  runs: readonly string[];
}

const light: Tokens = {
  scheme: 'light',
  canvas: '#F5F5F2',
  surface: '#FFFFFF',
  sunken: '#EEEEEA',
  line: '#E1E1DB',
  lineStrong: '#8B8D8A',
  ink: '#191B1E',
  muted: '#5A5E63',
  image: '#0072B2',
  text: '#C08401',
  audio: '#009E73',
  video: '#C774A2',
  table: '#3698CB',
  fused: '#D55E00',
  ok: '#1C7C4A',
  warn: '#8A5A00',
  warnSoft: '#FFF4D6',
  error: '#B3261E',
  errorSoft: '#FDECEA',
  runs: ['#4B5FC4', '#8A6D1F', '#7A4BA0', '#2B7F86', '#A8456B', '#5E6B2E'],
};

const dark: Tokens = {
  scheme: 'dark',
  canvas: '#0D0F12',
  surface: '#14171C',
  sunken: '#1B1F25',
  line: '#272C34',
  lineStrong: '#767D88',
  ink: '#ECEDEF',
  muted: '#A2A8B0',
  image: '#308ED0',
  text: '#E69F00',
  audio: '#009E73',
  video: '#CC79A7',
  table: '#56B4E9',
  fused: '#DC6411',
  ok: '#57C48A',
  warn: '#F0BE4A',
  warnSoft: '#2C2410',
  error: '#FF8A80',
  errorSoft: '#33191A',
  runs: ['#8E9CF0', '#D3B45C', '#BE93E4', '#66C3CB', '#E887AC', '#A9BA63'],
};

export const tokens = { light, dark };

export type Mark = 'square' | 'circle' | 'wave' | 'diamond' | 'triangle' | 'star';
export interface ModalityStyle {
  color: keyof Tokens & ('image' | 'text' | 'audio' | 'video' | 'table' | 'fused');
  mark: Mark;
  dash: readonly number[];
}

const modalities: Record<string, ModalityStyle> = {
  image: { color: 'image', mark: 'square', dash: [] },
  text: { color: 'text', mark: 'circle', dash: [6, 3] },
  audio: { color: 'audio', mark: 'wave', dash: [2, 3] },
  video: { color: 'video', mark: 'diamond', dash: [8, 3, 2, 3] },
  table: { color: 'table', mark: 'triangle', dash: [12, 4] },
};
const fused: ModalityStyle = { color: 'fused', mark: 'star', dash: [] };

/** Colour, mark and dash of a modality; whatever belongs to no single one is drawn as fused. */
export function modalityStyle(modality: string | undefined): ModalityStyle {
  return modalities[modality ?? ''] ?? fused;
}
