import * as worker from 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { ParseError } from '../../parse-error.ts';
import { loadPdfJs } from './load-pdf-js.ts';

export type PdfDocument = Awaited<ReturnType<typeof openPdf>>;

// Its worker runs in this thread: the child may start none, and is itself the boundary.
Object.assign(globalThis, { pdfjsWorker: worker });
const pdfJs = await loadPdfJs();

/** @throws ParseError encrypted when a password is needed; broken */
export async function openPdf(bytes: Uint8Array) {
  const task = pdfJs.getDocument({
    // A copy: pdf.js takes the bytes for itself.
    data: new Uint8Array(bytes),
    verbosity: pdfJs.VerbosityLevel.ERRORS,
    // Text only: no fonts from the system or the network, no pictures, no forms, no WebAssembly.
    useSystemFonts: false,
    disableFontFace: true,
    useWorkerFetch: false,
    useWasm: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    enableXfa: false,
  });
  try {
    return await task.promise;
  } catch (cause) {
    const code = cause instanceof pdfJs.PasswordException ? 'encrypted' : 'broken';
    throw new ParseError(code, undefined, { cause });
  }
}
