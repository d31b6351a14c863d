import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import type {
  CSSVariablesResolver,
  MantineColorsTuple,
  VariantColorsResolver,
} from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#eaf5f5',
  '#d4e8e9',
  '#a9d3d6',
  '#6fc5cc',
  '#4aa3ab',
  '#2f8791',
  '#1f707b',
  '#17606b',
  '#114c55',
  '#0b3a41',
];

// The library chooses the words' colour for the light scheme only; ours differs between the two.
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const ours = input.color === undefined || input.color === 'petrol';
  return input.variant === 'filled' && ours ? { ...colors, color: 'var(--cm-on-accent)' } : colors;
};

export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 3 },
  variantColorResolver,
  defaultRadius: 'md',
  fontFamily: 'var(--cm-sans)',
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  headings: {
    fontFamily: 'var(--cm-sans)',
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  focusRing: 'auto',
  respectReducedMotion: true,
});

const shared = {
  '--mantine-color-body': 'var(--cm-page)',
  '--mantine-color-text': 'var(--cm-ink)',
  '--mantine-color-dimmed': 'var(--cm-ink-soft)',
  '--mantine-color-placeholder': 'var(--cm-ink-soft)',
  '--mantine-color-default': 'var(--cm-panel)',
  '--mantine-color-default-hover': 'var(--cm-sunken)',
  '--mantine-color-default-color': 'var(--cm-ink)',
  // WCAG 1.4.11: the edge of a field is part of the control.
  '--mantine-color-default-border': 'var(--cm-line-strong)',
  '--mantine-color-error': 'var(--cm-bad)',
  '--mantine-color-anchor': 'var(--cm-accent)',
};

/** The library's colours, taken from our tokens in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});
