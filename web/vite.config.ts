import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds an API: an installed appliance or a server run from the checkout. */
const api = process.env['CASEMATE_URL'] ?? 'https://localhost:8443';

export default defineConfig({
  plugins: [react()],
  // The server puts the nonce of each response here; the component library reads it from the page.
  html: { cspNonce: '__CASEMATE_NONCE__' },
  build: {
    target: 'es2022',
    // The policy allows fonts and images from our own origin only, so nothing becomes a data: URL.
    assetsInlineLimit: 0,
    // Vite's preload helper writes <link> elements, no inline script.
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: {
    proxy: { '/api': { target: api, secure: false }, '/health': { target: api, secure: false } },
  },
});
