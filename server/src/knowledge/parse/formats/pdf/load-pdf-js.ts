import type * as pdfJs from 'pdfjs-dist/legacy/build/pdf.mjs';

/**
 * Loads pdf.js without the native canvas that it looks for when it starts: drawing is no part of
 * reading text, and a native addon would leave the sandbox. It warns of that on standard error.
 */
export async function loadPdfJs(): Promise<typeof pdfJs> {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = () => undefined;
  try {
    return await import('pdfjs-dist/legacy/build/pdf.mjs');
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
}
