import '@mantine/core/styles.css';
import './tokens.css';
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { setNonce } from 'get-nonce';
import type { ReactNode } from 'react';
import { cssVariablesResolver, theme } from './theme.ts';

// Browsers hide the attribute from scripts and styles; only the property still holds the nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// The scroll lock of drawers and dialogs asks this package for the nonce of its style element.
setNonce(nonce);

const colorSchemeManager = localStorageColorSchemeManager({ key: 'casemate.color-scheme' });

/** The component library with our theme, and with the nonce that the policy asks of its styles. */
export function UiRoot({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      {children}
    </MantineProvider>
  );
}
