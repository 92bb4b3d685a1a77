/**
 * The Mantine theme on our tokens. The primary colour is ink: filled buttons are near-black on light and
 * near-white on dark, so that the only hues on a screen are data and status.
 */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { type Tokens, tokens } from './tokens.ts';

const ink: MantineColorsTuple = [
  '#F3F3F1',
  '#E4E5E3',
  '#C9CBCA',
  '#AEB1B2',
  '#93979A',
  '#777C81',
  '#5A5E63',
  '#42464B',
  '#2C2F34',
  '#191B1E',
];

/** Mantine's own greys, made neutral: they paint inputs, disabled controls and switches. */
const gray: MantineColorsTuple = [
  '#F5F5F2',
  '#EEEEEA',
  '#E6E6E1',
  '#D9D9D3',
  '#C6C6C0',
  '#A3A4A0',
  '#7D7F7E',
  '#5A5E63',
  '#3C4044',
  '#191B1E',
];
const dark: MantineColorsTuple = [
  '#ECEDEF',
  '#CDD0D5',
  '#A2A8B0',
  '#767D88',
  '#3A414B',
  '#272C34',
  '#1B1F25',
  '#14171C',
  '#0D0F12',
  '#090B0D',
];

export const fontFamily =
  '-apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", Roboto, "Helvetica Neue", Ubuntu, Cantarell, "Noto Sans", "Liberation Sans", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';
export const fontFamilyMono =
  'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, monospace';

export const theme = createTheme({
  colors: { ink, gray, dark },
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  fontFamily,
  fontFamilyMonospace: fontFamilyMono,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontFamily, fontWeight: '620' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  variantColorResolver: (input) => {
    const resolved = defaultVariantColorsResolver(input);
    const primary = input.color === undefined || input.color === 'ink';
    if (!primary) return resolved;
    if (input.variant === 'filled')
      return {
        background: 'var(--a-ink)',
        hover: 'color-mix(in srgb, var(--a-ink) 86%, var(--a-surface))',
        color: 'var(--a-surface)',
        border: '1px solid transparent',
      };
    if (input.variant === 'subtle')
      return {
        background: 'transparent',
        hover: 'var(--a-sunken)',
        color: 'var(--a-ink)',
        border: '1px solid transparent',
      };
    if (input.variant === 'light')
      return {
        background: 'var(--a-sunken)',
        hover: 'var(--a-line)',
        color: 'var(--a-ink)',
        border: '1px solid transparent',
      };
    return resolved;
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', size: 32 } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, multiline: true, maw: 280 } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 } } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right', allowDeselect: false } },
  },
});

const names = [
  'canvas',
  'surface',
  'sunken',
  'line',
  'ink',
  'muted',
  'image',
  'text',
  'audio',
  'video',
  'table',
  'fused',
  'ok',
  'warn',
  'error',
] as const satisfies (keyof Tokens)[];

function variables(of: Tokens): Record<string, string> {
  return {
    ...Object.fromEntries(names.map((name) => [`--a-${name}`, of[name]])),
    '--a-line-strong': of.lineStrong,
    '--a-warn-soft': of.warnSoft,
    '--a-error-soft': of.errorSoft,
    '--mantine-color-body': of.canvas,
    '--mantine-color-text': of.ink,
    '--mantine-color-dimmed': of.muted,
    '--mantine-color-placeholder': of.muted,
    '--mantine-color-default': of.surface,
    '--mantine-color-default-hover': of.sunken,
    '--mantine-color-default-color': of.ink,
    '--mantine-color-default-border': of.line,
    '--mantine-color-error': of.error,
    '--mantine-primary-color-filled': of.ink,
    '--mantine-primary-color-contrast': of.surface,
    '--mantine-color-anchor': of.ink,
    'color-scheme': of.scheme,
  };
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(tokens.light),
  dark: variables(tokens.dark),
});
